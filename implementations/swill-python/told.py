"""What a handler sees of its request, told to the runner."""

import asyncio
import functools
import inspect

import msgspec
from swill import StreamingRequest
from swill._exceptions import SwillRequestCancelled


def plain(value):
    """A value of the server's as a case reads it: structs as maps."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(value))


class Items:
    """The items of a streaming request, told as they are taken."""

    def __init__(self, items, tell, opened):
        self.items = items
        self.tell = tell
        # The first item was told with the start, where the request opened with one.
        self.told = opened

    def __aiter__(self):
        return self

    async def __anext__(self):
        try:
            item = await self.items.__anext__()
        except StopAsyncIteration:
            self.tell("requests-closed")
            raise
        if not self.told:
            self.tell("request", plain(item), has_value=True)
        self.told = False
        return item


class Taken:
    """A request whose items are told; all else of it is as it is."""

    def __init__(self, request, tell, opened):
        self._request = request
        self.data = Items(request.data, tell, opened)

    def __getattr__(self, name):
        return getattr(self._request, name)


class Told:
    """Tells each run of a handler: its start, its items, how it ended."""

    def __init__(self, instance, procedure):
        self.instance = instance
        self.procedure = procedure

    def start(self, request):
        tell = self.instance.telling(self.procedure)
        streams = isinstance(request, StreamingRequest)
        # What it opened with: the iterator has it still to give.
        first = request._data if streams else request.data
        # A stream may open without an item, with its metadata.
        opened = first is not None or not streams
        tell("started", plain(first), plain(request.metadata), has_value=opened)
        return tell, Taken(request, tell, opened) if streams else request

    def wrap(self, handler):
        """The same handler to its server, types and all, which tells how it fares."""

        async def one(request, *more):
            tell, request = self.start(request)
            with ending(tell, request):
                return await handler(request, *more)

        async def many(request, *more):
            tell, request = self.start(request)
            with ending(tell, request):
                async for item in handler(request, *more):
                    yield item

        return functools.wraps(handler)(many if inspect.isasyncgenfunction(handler) else one)


class ending:
    """Tells why a run is over, and that it is."""

    def __init__(self, tell, request):
        self.tell = tell
        self.request = request

    def __enter__(self):
        return self

    def __exit__(self, kind, _error, _trace):
        if kind is not None and issubclass(kind, (asyncio.CancelledError, GeneratorExit)):
            self.tell("disconnected")
        elif self.request.cancelled or kind is not None and issubclass(kind, SwillRequestCancelled):
            self.tell("cancelled")
        self.tell("finished")
