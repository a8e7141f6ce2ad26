# /// script
# requires-python = ">=3.12,<3.14"
# dependencies = []
# ///
"""Weir adapter for the River v2 client of PyPI's replit-river (replit_river.v2). See docs/adapters.md.

It does what an application would do with the library's public API, and reports what that application would see. It never
retries, reorders or completes anything for the library. Each client has a process of its own (weir_apart): the
library can leave its event loop spinning for good (README.md, "The process hangs").
"""

import asyncio
import logging
import sys
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from replit_river.error_schema import (
    ERROR_HANDSHAKE,
    RiverError,
    RiverException,
    SessionClosedRiverServiceException,
)
from replit_river.transport_options import ConnectionRetryOptions, TransportOptions
from replit_river.v2 import Client
from websockets.exceptions import ConnectionClosed

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kits" / "python"))

from weir_apart import Parent
from weir_kit import converse

INFO = {
    "control": 1,
    "name": "replit-river",
    "version": version("replit-river"),
    "language": "Python",
    "protocol": "river",
    "roles": ["client"],
    "bindings": ["msgpack"],
    "features": [
        "metadata",
        "metadata-throw",
        "cancel",
        "eager-connect",
        "transparent-reconnects-off",
        "client-grace",
        "half-close",
        "multiple-clients",
        "retry-budget",
        "restart",
    ],
    "concurrency": 4,
}

FINISHED = object()
# The library wants a time limit for each rpc, River knows none: longer than any case.
NO_LIMIT = timedelta(hours=1)


def identity(value):
    return value


class ServiceError(RiverError):
    """An error as generated code would declare it: the optional extras are part of River's error schema."""

    extras: object = None


def tell_exception(call, exception):
    """Tells what an application learns from an exception of the library.

    The library says that the session is gone in three ways, alone or as the cause of what it raises; each stands for
    UNEXPECTED_DISCONNECT, River's code for that:
    - SessionClosedRiverServiceException: its synthetic code SESSION_CLOSED, "river session is closed";
    - RiverException with ERROR_HANDSHAKE: raised only after it has given up connecting and closed the session;
    - websockets' ConnectionClosed: given to calls as the reason when a close frame ended the session.
    Everything else keeps its own code, or the name of its class.
    """
    cause = exception
    while cause is not None:
        handshake = isinstance(cause, RiverException) and cause.code == ERROR_HANDSHAKE
        if handshake or isinstance(cause, (SessionClosedRiverServiceException, ConnectionClosed)):
            return call.error("UNEXPECTED_DISCONNECT", cause)
        cause = cause.__cause__
    # Newer releases hand on the server's own error, older ones only its code and a sentence around its message.
    underlying = getattr(exception, "underlying_error", None)
    if underlying is not None:
        return tell_error(call, underlying)
    if isinstance(exception, RiverException):
        return call.error(exception.code, exception.message)
    return call.error(type(exception).__name__, exception)


def tell_error(call, error):
    call.error(error.code, error.message, getattr(error, "extras", None))


class Running:
    """A call, once the library has it."""

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


class RiverClient:
    def __init__(self, params):
        self.client = make_client(params)

    async def dial(self):
        try:
            await self.client.ensure_connected()
        except Exception:
            logging.getLogger("adapter").info("ensure_connected failed", exc_info=True)

    async def invoke(self, call):
        if call.kind not in KINDS:
            raise ValueError(f"the library has no procedures of kind {call.kind}")
        running = KINDS[call.kind](self.client, call)
        await asyncio.sleep(0)  # the task has begun, the call is with the library
        return running

    async def close(self):
        await self.client.close()


class Adapter:
    info = INFO

    def connect(self, _instance, params):
        return RiverClient(params)


def make_client(params):
    if params["binding"] != "msgpack":
        raise ValueError(f"the library has no binding {params['binding']}")
    values = params.get("metadata") or [None]
    handshakes = 0

    async def uri_and_metadata():
        nonlocal handshakes
        value = values[min(handshakes, len(values) - 1)]
        handshakes += 1
        if isinstance(value, dict) and "$throw" in value:
            raise RuntimeError(value["$throw"])
        return {"uri": params["url"], "metadata": value}

    return Client(uri_and_metadata, params["clientId"], params["serverId"], transport_options(params))


def transport_options(params):
    # The library's own names; it has no option for connectionTimeoutMs.
    retry = {
        "base_interval_ms": ("baseIntervalMs", round),
        "max_jitter_ms": ("maxJitterMs", round),
        "max_backoff_ms": ("maxBackoffMs", float),
        "attempt_budget_capacity": ("attemptBudgetCapacity", float),
        "budget_restore_interval_ms": ("budgetRestoreIntervalMs", float),
    }
    session = {
        "handshake_timeout_ms": ("handshakeTimeoutMs", float),
        "session_disconnect_grace_ms": ("sessionDisconnectGraceMs", float),
        "heartbeat_ms": ("heartbeatIntervalMs", float),
        "heartbeats_until_dead": ("heartbeatsUntilDead", round),
    }

    def given(names):
        timers = params["timers"]
        return {ours: convert(timers[name]) for ours, (name, convert) in names.items() if name in timers}

    return TransportOptions(
        connection_retry_options=ConnectionRetryOptions(**given(retry)),
        transparent_reconnect=params["options"].get("transparentReconnects", True),
        **given(session),
    )


def serve(out):
    asyncio.run(converse(Adapter(), out))


logging.basicConfig(stream=sys.stderr, level=logging.INFO)
Parent(INFO, serve).run()
