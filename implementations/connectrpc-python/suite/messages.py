"""The official suite's messages, and how they come and go: each behind its length in four bytes."""

import asyncio
import base64
import struct
import sys
from pathlib import Path

from google.protobuf import any_pb2, descriptor_pool, empty_pb2, message_factory, struct_pb2, wrappers_pb2  # noqa: F401
from google.protobuf.descriptor_pb2 import FileDescriptorSet

PACKAGE = "connectrpc.conformance.v1"
POOL = descriptor_pool.Default()
for file in FileDescriptorSet.FromString(Path(sys.argv[1]).read_bytes()).file:
    # Google's own are there with the library.
    if not file.name.startswith("google/protobuf/"):
        POOL.Add(file)
SERVICE = POOL.FindServiceByName(f"{PACKAGE}.ConformanceService")
METHODS = {method.name: method for method in SERVICE.methods}
CODEC_JSON, GZIP = 2, 2
UNARY, CLIENT_STREAM, SERVER_STREAM = 1, 2, 3
CODES = dict(
    enumerate(
        "canceled unknown invalid_argument deadline_exceeded not_found already_exists permission_denied resource_exhausted"
        " failed_precondition aborted out_of_range unimplemented internal unavailable data_loss unauthenticated".split(),
        start=1,
    )
)
NUMBERS = {name: number for number, name in CODES.items()}


class_of = message_factory.GetMessageClass


def kind(name):
    return class_of(POOL.FindMessageTypeByName(f"{PACKAGE}.{name}"))


# What Anys hold has to be known before one is read.
for _method in SERVICE.methods:
    class_of(_method.input_type)
    class_of(_method.output_type)


def headers_of(fields):
    """Pairs of a name and a value as the suite's headers: each name once, with its values."""
    grouped = {}
    for name, value in fields:
        grouped.setdefault(name, []).append(value)
    return [kind("Header")(name=name, value=values) for name, values in grouped.items()]


def fields_in(headers):
    return [(header.name, value) for header in headers for value in header.value]


def requests_in(request):
    """The messages of a call."""
    made = class_of(METHODS[request.method].input_type)
    return [made.FromString(any_of.value) for any_of in request.request_messages]


def url_of(type_name):
    return f"type.googleapis.com/{type_name}"


def unpadded(text):
    return base64.b64decode(text + "=" * (-len(text) % 4))


def say(message):
    data = message.SerializeToString()
    sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)
    sys.stdout.buffer.flush()


class Call:
    """A call that the suite asks for: when it sends, when it gives up, and what has come of it. `task` plays it."""

    def __init__(self, request):
        self.request = request
        self.messages = requests_in(request)
        self.cancel = request.cancel.WhichOneof("cancel_timing")
        self.outcome = kind("ClientResponseResult")()
        self.task = None
        self.is_upload = request.stream_type not in (UNARY, SERVER_STREAM)
        if self.is_upload:
            self.outcome.num_unsent_requests = len(self.messages)

    async def before(self):
        """What a call that is no upload does first."""
        if not self.is_upload:
            await self.pause()
            self.give_up_later()

    async def uploaded(self):
        for message in self.messages:
            await self.pause()
            self.outcome.num_unsent_requests -= 1
            yield message
        if self.cancel == "before_close_send":
            self.task.cancel()
            await asyncio.Event().wait()
        self.give_up_later()
        if self.cancel == "after_num_responses" and self.request.cancel.after_num_responses == 0:
            self.task.cancel()

    async def pause(self):
        if self.request.request_delay_ms > 0:
            await asyncio.sleep(self.request.request_delay_ms / 1000)

    def give_up_later(self):
        if self.cancel == "after_close_send_ms":
            asyncio.get_running_loop().call_later(self.request.cancel.after_close_send_ms / 1000, self.task.cancel)

    def take(self, answer):
        self.outcome.payloads.add().CopyFrom(answer.payload)
        if self.cancel == "after_num_responses" and self.request.cancel.after_num_responses == len(self.outcome.payloads):
            self.task.cancel()

    def fail(self, code, message, details=()):
        """`details` are pairs of a type's name and bytes."""
        self.outcome.error.code = NUMBERS[code]
        self.outcome.error.message = message
        for name, value in details:
            self.outcome.error.details.add(type_url=url_of(name), value=value)


async def serve_calls(play):
    """Answers each request on stdin with what `play(call)` makes of it, side by side, until stdin ends. `play` runs in the call's task."""

    async def answer(request):
        answered = kind("ClientCompatResponse")(test_name=request.test_name)
        call = Call(request)
        call.task = asyncio.ensure_future(play(call))
        try:
            await call.task
            answered.response.CopyFrom(call.outcome)
        except asyncio.CancelledError:
            call.fail("canceled", "")
            answered.response.CopyFrom(call.outcome)
        except Exception as error:
            answered.error.message = f"{type(error).__name__}: {error}"
        say(answered)

    reader, answers = asyncio.StreamReader(), []
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while True:
        try:
            (length,) = struct.unpack(">I", await reader.readexactly(4))
        except asyncio.IncompleteReadError:
            break
        answers.append(asyncio.create_task(answer(kind("ClientCompatRequest").FromString(await reader.readexactly(length)))))
    await asyncio.gather(*answers)
