"""Calls, once the library has them."""

import asyncio
import logging
from datetime import timedelta

from errors import ServiceError, tell_error, tell_exception
from replit_river.error_schema import RiverError

FINISHED = object()
# The library wants a time limit for each rpc, River knows none: longer than any case.
NO_LIMIT = timedelta(hours=1)


def identity(value):
    return value


class Running:
    """A call without a request side."""

    def __init__(self, client, call):
        self.call = call
        self.queue = asyncio.Queue()
        self.cancelled = False
        self.task = asyncio.create_task(self.run(client))

    def cancel(self):
        self.cancelled = True
        self.task.cancel()

    async def requests(self):
        while (item := await self.queue.get()) is not FINISHED:
            yield item

    def call_unary(self, client, service, procedure, init):
        out, into = identity, (identity, ServiceError.model_validate)
        if self.call.kind == "rpc":
            return client.send_rpc(service, procedure, init, out, *into, NO_LIMIT)
        return client.send_upload(service, procedure, init, self.requests(), out, out, *into)

    def call_streaming(self, client, service, procedure, init):
        out, into = identity, (identity, ServiceError.model_validate)
        if self.call.kind == "subscription":
            return client.send_subscription(service, procedure, init, out, *into)
        return client.send_stream(service, procedure, init, self.requests(), out, out, *into)

    def read(self, item):
        if isinstance(item, RiverError):
            tell_error(self.call, item)
        else:
            self.call.message(item)

    async def run(self, client):
        call = client, self.call.service, self.call.procedure, self.call.value
        try:
            if self.call.kind in ("rpc", "upload"):
                self.read(await self.call_unary(*call))
            else:
                async for item in self.call_streaming(*call):
                    self.read(item)
        except asyncio.CancelledError as exception:
            # Python's way to tell a caller that its call was cancelled. Not asked for, it is the library's own doing.
            if self.cancelled:
                self.call.error("CANCEL", "cancelled")
            else:
                tell_exception(self.call, exception)
        except Exception as exception:
            logging.getLogger("adapter").info("call %s ended", self.call.name, exc_info=True)
            tell_exception(self.call, exception)
        self.call.end()


class Writing(Running):
    """A call with a request side."""

    def send(self, value, _metadata):
        self.queue.put_nowait(value)

    def finish(self, _metadata, _error):
        self.queue.put_nowait(FINISHED)


KINDS = {"rpc": Running, "upload": Writing, "subscription": Running, "stream": Writing}
