"""The standard test services of RSocket (cases/rsocket/services.yaml)."""

import asyncio
import re

from flow import with_end
from rsocket.error_codes import ErrorCode
from rsocket.exceptions import RSocketProtocolError
from rsocket.payload import Payload
from rsocket.streams.stream_from_generator import StreamFromGenerator

MAX = 2**31 - 1
PAUSE_MS = 50
CODES = {code.name: code for code in ErrorCode if code is not ErrorCode.RESERVED}


def bytes_of(value):
    """The bytes that a case writes as text or bytes."""
    return b"" if value is None else value.encode() if isinstance(value, str) else bytes(value)


def read_value(data):
    """Bytes as a case reads them: text where they are UTF-8."""
    if data is None:
        return ""
    try:
        return bytes(data).decode()
    except UnicodeDecodeError:
        return bytes(data)


def text_of(data):
    """Text that a service is told, whatever the bytes."""
    return bytes(data or b"").decode(errors="replace")


def optional_value(data):
    """Metadata as a case reads it. The library gives no bytes for none."""
    return read_value(data) if data else None


def code_name(code):
    """The name of an error code, or its number in hex."""
    if code == ErrorCode.CONNECTION_ERROR_NO_RETRY:
        return "CONNECTION_CLOSE"
    return code.name if isinstance(code, ErrorCode) else f"0x{code:08x}"


def error_of(code, text):
    """The exception that an application raises for an ERROR of that code, a name or a number."""
    if isinstance(code, str):
        code = CODES.get(code) or int(code, 16)
    return RuntimeError(text) if code == ErrorCode.APPLICATION_ERROR else RSocketProtocolError(code, data=text)


def told_error(told):
    word, _, rest = told.partition(" ")
    if word in CODES or re.fullmatch("0x[0-9a-fA-F]{1,8}", word):
        return error_of(word, rest)
    return RuntimeError(told)


def number_in(text):
    match = re.match(r"\d+", text)
    return int(match[0]) if match else 0


def text_payload(text, metadata=None):
    return Payload(text.encode(), None if metadata is None else metadata.encode())


class State:
    """What the services of one instance share."""

    def __init__(self, instance, time_scale):
        self.instance = instance
        self.time_scale = time_scale
        self.counter = 0
        self.log = []
        self.runs = {}
        self.background = set()

    def run(self, procedure):
        """Tells of one more run of a procedure; gives what tells of it from then on."""
        number = self.runs[procedure] = self.runs.get(procedure, 0) + 1
        return lambda event, value=None, metadata=None: self.instance.handler(procedure, number, event, value, metadata)

    def after(self, ms, then):
        return asyncio.get_running_loop().call_later(ms * self.time_scale / 1000, then)

    def spawn(self, coroutine):
        task = asyncio.create_task(coroutine)
        self.background.add(task)
        task.add_done_callback(self.background.discard)
        return task

    async def admit(self, data):
        """Decides about a SETUP; raises where it is refused."""
        waiting = re.fullmatch(r"wait-(\d+)-(.*)", data, re.DOTALL)
        if waiting:
            await asyncio.sleep(int(waiting[1]) * self.time_scale / 1000)
            await self.admit(waiting[2])
        elif data == "refuse":
            raise RuntimeError("refused")


# request-response: a coroutine that gives the payload.


async def slow(state, text, first, _rsocket):
    await asyncio.sleep(number_in(text) * state.time_scale / 1000)
    return first


async def call_back(_state, _text, first, rsocket):
    try:
        return await rsocket.echo(first)
    except Exception as error:
        raise RuntimeError(f"{type(error).__name__} {error}") from error


async def push_back(_state, _text, first, rsocket):
    rsocket.push(bytes(first.data or b""))
    return Payload(b"")


async def count(state, text, _first, _rsocket):
    state.counter += number_in(text)
    return text_payload(str(state.counter))


async def raised(_state, text, _first, _rsocket):
    raise RuntimeError(text)


async def failing(_state, text, _first, _rsocket):
    raise told_error(text)


async def never(_state, _text, _first, _rsocket):
    await asyncio.get_running_loop().create_future()


async def given(payload):
    return payload


ANSWERS = {
    "echo": lambda _state, _text, first, _rsocket: given(first),
    "empty": lambda *_: given(Payload(b"")),
    # The library has no way to complete without an item.
    "nothing": lambda *_: given(Payload()),
    "error": failing,
    "raise": raised,
    "never": never,
    # Nor to answer twice.
    "twice": lambda *_: given(text_payload("first")),
    "slow": slow,
    "count": count,
    "logged": lambda state, *_: given(text_payload(",".join(state.log))),
    "call-back": call_back,
    "push-back": push_back,
}


# request-stream: payloads as a generator of the library, or what drives a flow.


def numbered(text, payload=lambda i: text_payload(str(i))):
    return (payload(i) for i in range(1, number_in(text) + 1))


def blocks(text):
    items, _, size = text.partition(" ")
    return numbered(items, lambda i: Payload(str(i % 10).encode() * number_in(size)))


GENERATED = {
    "ticks": numbered,
    "ticks-metadata": lambda text: numbered(text, lambda i: text_payload(str(i), f"m{i}")),
    "ticks-blocks": blocks,
}


def ticks_slow(state, text, flow):
    left = list(numbered(text))

    def tick():
        if flow.over:
            return
        if not left:
            flow.complete()
            return
        flow.item(left.pop(0))
        state.after(PAUSE_MS, tick)

    tick()


def ticks_error(_state, text, flow):
    items, _, told = text.partition(" ")
    for item in numbered(items):
        flow.item(item)
    flow.fail(told_error(told))


def ticks_open(_state, text, flow):
    for item in numbered(text):
        flow.item(item)


FLOWING = {"ticks-slow": ticks_slow, "ticks-error": ticks_error, "ticks-open": ticks_open}


# request-channel: credit at first, credit after each item, and what happens at an item and at the end.


class Channel:
    credit = MAX
    more = 0

    def __init__(self, first, flow):
        self.first = first
        self.flow = flow

    def begin(self):
        self.flow.item(self.first)

    def item(self, payload):
        pass

    def complete(self):
        pass


class Echo(Channel):
    def item(self, payload):
        self.flow.item(payload)

    def complete(self):
        self.flow.complete()


class OneByOne(Echo):
    credit = 1
    more = 1


class Sum(Channel):
    def begin(self):
        self.sum = number_in(text_of(self.first.data))

    def item(self, payload):
        self.sum += number_in(text_of(payload.data))

    def complete(self):
        self.flow.item(text_payload(str(self.sum)))
        self.flow.complete()


class First(Channel):
    def begin(self):
        self.flow.completing = True
        self.flow.item(self.first)


class Stop(First):
    credit = None


class Error(Channel):
    def item(self, payload):
        self.flow.fail(told_error(text_of(payload.data)))


class Withhold(Channel):
    credit = 0

    def begin(self):
        pass


CHANNELS = {
    "channel-echo": Echo,
    "channel-one-by-one": OneByOne,
    "channel-sum": Sum,
    "channel-first": First,
    "channel-stop": Stop,
    "channel-error": Error,
    "channel-withhold": Withhold,
}


def generated(text, procedure, done, cancelled):
    """Those items through the library's own publisher."""
    return StreamFromGenerator(lambda: with_end(GENERATED[procedure](text)), on_complete=done, on_cancel=cancelled)
