"""A handler of the library that hosts the standard services, and tells what they see."""

import asyncio

from flow import Flow
from reactivestreams.subscriber import Subscriber
from rsocket.error_codes import ErrorCode
from rsocket.extensions.composite_metadata import CompositeMetadata
from rsocket.extensions.helpers import composite, metadata_item, route
from rsocket.extensions.mimetypes import WellKnownMimeTypes
from rsocket.extensions.routing import RoutingMetadata
from rsocket.payload import Payload
from rsocket.request_handler import BaseRequestHandler
from services import ANSWERS, CHANNELS, FLOWING, GENERATED, code_name, generated, optional_value, read_value, text_of

OCTETS = WellKnownMimeTypes.APPLICATION_OCTET_STREAM


def request_metadata(procedure, own):
    """A route, and beside it what the application says."""
    items = [] if own is None else [metadata_item(own, OCTETS)]
    return composite(route(procedure), *items)


def read_request(payload):
    """The route of a request (None where it has none), and its payload with the metadata beside it."""
    items = [] if payload.metadata is None else CompositeMetadata().parse(bytes(payload.metadata)).items
    routes = [item.tags[0].decode() for item in items if isinstance(item, RoutingMetadata)]
    own = [item.content for item in items if item.encoding == OCTETS.value.name]
    return (routes or [None])[0], Payload(payload.data, (own or [None])[0])


class Handler(BaseRequestHandler):
    """Of one connection. `end` is told what it does with the other end."""

    def __init__(self, state, end):
        self.state = state
        self.end = end
        self.closed = False

    def start(self, payload, known):
        procedure, first = read_request(payload)
        if procedure not in known:
            raise RuntimeError("the request has no route" if procedure is None else f"there is no route {procedure}")
        tell = self.state.run(procedure)
        tell("started", read_value(first.data), optional_value(first.metadata))
        return procedure, first, text_of(first.data), tell

    def ended(self, tell):
        """Somebody wants no more. The library says so in one way; whether the connection is gone it says right after."""

        def say():
            tell("disconnected" if self.closed else "cancelled")
            tell("finished")

        asyncio.get_running_loop().call_soon(say)

    async def on_setup(self, data_encoding, metadata_encoding, payload):
        await self.state.admit(text_of(payload.data))
        self.end.accepted()

    async def on_close(self, rsocket, exception=None):
        self.closed = True
        self.end.closed()

    async def on_error(self, error_code, payload):
        self.end.refused(code_name(error_code), payload)

    async def on_metadata_push(self, metadata):
        self.state.run("metadata-push")("started", None, read_value(metadata.metadata))

    async def request_fire_and_forget(self, payload):
        procedure, _first, text, tell = self.start(payload, ("log", "log-raise"))
        self.state.log.append(text)
        tell("finished")
        if procedure == "log-raise":
            raise RuntimeError("the handler failed")

    async def request_response(self, payload):
        procedure, first, text, tell = self.start(payload, ANSWERS)
        task = self.state.spawn(ANSWERS[procedure](self.state, text, first, self.end))
        task.add_done_callback(lambda done: self.ended(tell) if done.cancelled() else tell("finished"))
        return task

    async def request_stream(self, payload):
        procedure, _first, text, tell = self.start(payload, GENERATED | FLOWING)
        done, cancelled = lambda: tell("finished"), lambda: self.ended(tell)
        if procedure in GENERATED:
            return generated(text, procedure, done, cancelled)
        flow = Flow(done, cancelled)
        FLOWING[procedure](self.state, text, flow)
        return flow

    async def request_channel(self, payload):
        procedure, first, _text, tell = self.start(payload, CHANNELS)
        return Incoming(CHANNELS[procedure], first, tell, self.ended).pair()


class Incoming(Subscriber):
    """A channel that was asked for: its input, beside the flow of its output."""

    def __init__(self, make, first, tell, ended):
        self.tell = tell
        self.told = False
        self.input_open = True
        self.flow = Flow(self.settle, lambda: self.over(lambda: ended(tell)))
        self.channel = make(first, self.flow)

    def pair(self):
        self.channel.begin()
        return self.flow, self

    def over(self, say):
        if not self.told:
            self.told = True
            say()

    def settle(self):
        if self.flow.failure is not None or (self.flow.over and not self.input_open):
            self.over(lambda: self.tell("finished"))

    def on_subscribe(self, subscription):
        self.subscription = subscription
        if self.channel.credit is None:
            self.input_open = False
            subscription.cancel()
        elif self.channel.credit:
            subscription.request(self.channel.credit)

    def on_next(self, value, is_complete=False):
        self.tell("request", read_value(value.data), optional_value(value.metadata))
        self.channel.item(value)
        if is_complete:
            self.on_complete()
        elif self.channel.more:
            self.subscription.request(self.channel.more)

    def on_complete(self):
        self.tell("requests-closed")
        self.input_open = False
        self.channel.complete()
        self.settle()

    def on_error(self, exception):
        code = getattr(exception, "error_code", ErrorCode.APPLICATION_ERROR)
        self.tell("requests-failed", code_name(code))
        self.input_open = False
        self.over(lambda: self.tell("finished"))
