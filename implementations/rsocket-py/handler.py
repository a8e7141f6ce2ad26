"""A handler of the library that hosts the standard services."""

import asyncio

from forms import Output, error_of, item_of, payload_of, read_request
from reactivestreams.subscriber import Subscriber
from rsocket.error_codes import ErrorCode
from rsocket.payload import Payload
from rsocket.request_handler import BaseRequestHandler
from rsocket.streams.stream_from_generator import StreamFromGenerator
from weir_rsocket import code_name


class Handler(BaseRequestHandler):
    """Of one connection. `end` is told what it does with the other end."""

    def __init__(self, services, end):
        self.services = services
        self.end = end
        self.closed = False

    def left(self, run):
        """Somebody wants no more. The library says so in one way; whether the connection is gone it says right after."""
        asyncio.get_running_loop().call_soon(lambda: run.ended("disconnected" if self.closed else "cancelled"))

    async def on_setup(self, data_encoding, metadata_encoding, payload):
        await self.services.admit(item_of(payload).data)
        self.end.accepted()

    async def on_close(self, rsocket, exception=None):
        self.closed = True
        self.end.closed()

    async def on_error(self, error_code, payload):
        self.end.refused(code_name(error_code))

    async def on_metadata_push(self, metadata):
        self.services.pushed(bytes(metadata.metadata or b""))

    async def request_fire_and_forget(self, payload):
        self.services.begin(read_request(payload, "fire-and-forget"), 0, None, self.end)

    async def request_response(self, payload):
        answer = Answer()
        run = self.services.begin(read_request(payload, "request-response"), 1, answer, self.end)
        answer.future.add_done_callback(lambda done: self.left(run) if done.cancelled() else None)
        return answer.future

    async def request_stream(self, payload):
        return Incoming(self, payload, "request-stream").output

    async def request_channel(self, payload):
        incoming = Incoming(self, payload, "request-channel")
        return incoming.output, incoming


class Answer:
    """The one answer of a request-response. The library has no way to complete without it, nor to answer twice."""

    def __init__(self):
        self.future = asyncio.get_running_loop().create_future()

    def next(self, item, _last):
        if not self.future.done():
            self.future.set_result(payload_of(item))

    def complete(self):
        self.future.set_result(Payload())

    def error(self, code, text):
        if not self.future.done():
            self.future.set_exception(error_of(code, text))


class Incoming(Subscriber):
    """A stream or a channel that was asked for. Its handler runs once its credit is known, which the library gives right away."""

    def __init__(self, handler, payload, kind):
        self.handler = handler
        self.request_of = handler.services.check(read_request(payload, kind))
        self.output = Output(self.granted, self.unwanted)
        self.next, self.complete, self.error = self.output.next, self.output.complete, self.output.error
        self.run = None

    def granted(self, n):
        if self.run is None:
            self.run = self.handler.services.begin(self.request_of, n, self, self.handler.end)
        else:
            self.run.credit(n)

    def unwanted(self):
        if self.run is not None:
            self.handler.left(self.run)

    # What the service does.

    def items(self, items, credit, sent):
        publisher = StreamFromGenerator(lambda: with_end(items), on_complete=sent, on_cancel=self.unwanted)
        publisher.subscribe(self.output.subscriber)
        publisher.request(credit)

    def request(self, n):
        self.subscription.request(n)

    def stop_input(self):
        self.subscription.cancel()

    # What comes on a channel.

    def on_subscribe(self, subscription):
        self.subscription = subscription

    def on_next(self, value, is_complete=False):
        self.run.item(item_of(value))
        if is_complete:
            self.on_complete()

    def on_complete(self):
        self.run.input_complete()

    def on_error(self, exception):
        code = getattr(exception, "error_code", ErrorCode.APPLICATION_ERROR)
        self.run.ended("requests-failed", code_name(code))


def with_end(items):
    """Pairs of a payload and whether it is the last, as the library's generators give them."""
    items = iter(items)
    held = next(items, None)
    for following in items:
        yield payload_of(held), False
        held = following
    if held is not None:
        yield payload_of(held), True
