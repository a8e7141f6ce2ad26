# /// script
# requires-python = ">=3.12,<3.14"
# dependencies = []
# ///
"""Weir adapter for the River v2 client of PyPI's replit-river (replit_river.v2). See docs/adapters.md.

It does what an application would do with the library's public API, and reports what that application would see. It never
retries, reorders or completes anything for the library. Each client has a process of its own (apart.py).
"""

import asyncio
import json
import logging
import os
import sys
from datetime import timedelta
from importlib.metadata import version

from replit_river.error_schema import (
    ERROR_HANDSHAKE,
    RiverError,
    RiverException,
    SessionClosedRiverServiceException,
)
from replit_river.transport_options import ConnectionRetryOptions, TransportOptions
from replit_river.v2 import Client
from websockets.exceptions import ConnectionClosed

from apart import Parent
from tagged import from_tagged, parse_int, to_tagged

INFO = {
    "control": 1,
    "name": "replit-river",
    "version": version("replit-river"),
    "language": "Python",
    "protocol": "river",
    "roles": ["client"],
    "codecs": ["msgpack"],
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


# Where this client's messages go, once it has its process.
OUT = sys.stderr


def write(message):
    OUT.write(json.dumps({"jsonrpc": "2.0", **message}, allow_nan=False) + "\n")


def notify(method, **params):
    write({"method": method, "params": params})


def identity(value):
    return value


class ServiceError(RiverError):
    """An error as generated code would declare it: the optional extras are part of River's error schema."""

    extras: object = None


def error_result(code, message, extras=None):
    error = {"code": str(code), "message": str(message)}
    if extras is not None:
        error["extras"] = to_tagged(extras)
    return {"ok": False, "error": error}


def exception_result(exception):
    """What an application learns from an exception of the library.

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
            return error_result("UNEXPECTED_DISCONNECT", cause)
        cause = cause.__cause__
    # Newer releases hand on the server's own error, older ones only its code and a sentence around its message.
    underlying = getattr(exception, "underlying_error", None)
    if underlying is not None:
        return error_result(underlying.code, underlying.message, getattr(underlying, "extras", None))
    if isinstance(exception, RiverException):
        return error_result(exception.code, exception.message)
    return error_result(type(exception).__name__, exception)


class Call:
    def __init__(self, name, client, params):
        self.name = name
        self.kind = params["kind"]
        if self.kind not in ("rpc", "upload", "subscription", "stream"):
            raise ValueError(f"the library has no procedures of kind {self.kind}")
        self.queue = asyncio.Queue()
        self.cancelled = False
        self.task = asyncio.create_task(self.run(client, params))

    async def requests(self):
        while (item := await self.queue.get()) is not FINISHED:
            yield item

    def call_unary(self, client, service, procedure, init):
        out, into = identity, (identity, ServiceError.model_validate)
        if self.kind == "rpc":
            return client.send_rpc(service, procedure, init, out, *into, NO_LIMIT)
        return client.send_upload(service, procedure, init, self.requests(), out, out, *into)

    def call_streaming(self, client, service, procedure, init):
        out, into = identity, (identity, ServiceError.model_validate)
        if self.kind == "subscription":
            return client.send_subscription(service, procedure, init, out, *into)
        return client.send_stream(service, procedure, init, self.requests(), out, out, *into)

    def message(self, result):
        notify("message", call=self.name, result=result)

    def read(self, item):
        if isinstance(item, RiverError):
            self.message(error_result(item.code, item.message, getattr(item, "extras", None)))
        else:
            self.message({"ok": True, "value": to_tagged(item)})

    async def run(self, client, params):
        call = client, params["service"], params["procedure"], from_tagged(params["init"])
        try:
            if self.kind in ("rpc", "upload"):
                self.read(await self.call_unary(*call))
            else:
                async for item in self.call_streaming(*call):
                    self.read(item)
        except asyncio.CancelledError as exception:
            # Python's way to tell a caller that its call was cancelled. Not asked for, it is the library's own doing.
            self.message(error_result("CANCEL", "cancelled") if self.cancelled else exception_result(exception))
        except Exception as exception:
            logging.getLogger("adapter").info("call %s ended", self.name, exc_info=True)
            self.message(exception_result(exception))
        notify("end", call=self.name)


class Adapter:
    def __init__(self):
        self.clients = {}
        self.closed = set()
        self.calls = {}
        self.background = set()

    def connect(self, params):
        name = params["client"]
        if name not in self.clients or name in self.closed:
            self.clients[name] = make_client(params)
            self.closed.discard(name)
        if params["eager"]:
            self.spawn(self.dial(self.clients[name]))
        return {}

    async def dial(self, client):
        try:
            await client.ensure_connected()
        except Exception:
            logging.getLogger("adapter").info("ensure_connected failed", exc_info=True)

    async def invoke(self, params):
        self.calls[params["call"]] = Call(params["call"], self.clients[params["client"]], params)
        await asyncio.sleep(0)  # the task has begun, the call is with the library
        return {}

    def send(self, params):
        self.writable(params).queue.put_nowait(from_tagged(params["request"]))
        return {}

    def finish(self, params):
        self.writable(params).queue.put_nowait(FINISHED)
        return {}

    def writable(self, params):
        call = self.calls[params["call"]]
        if call.kind not in ("stream", "upload"):
            raise ValueError(f"the library has no request side to write or close on a {call.kind}")
        return call

    def cancel(self, params):
        call = self.calls[params["call"]]
        call.cancelled = True
        call.task.cancel()
        return {}

    async def disconnect(self, params):
        # The client stays: what it makes of later calls is the library's affair.
        self.closed.add(params["client"])
        await self.clients[params["client"]].close()
        return {}

    def spawn(self, coroutine):
        task = asyncio.create_task(coroutine)
        self.background.add(task)
        task.add_done_callback(self.background.discard)

    def receive(self, line):
        request = json.loads(line, parse_int=parse_int)
        handler = getattr(self, request["method"], None)
        try:
            if handler is None:
                raise NotImplementedError(request["method"])
            answer = handler(request["params"])
        except Exception as exception:
            self.refuse(request, exception)
        else:
            # What takes time must not hold up the other runs.
            if asyncio.iscoroutine(answer):
                self.spawn(self.answer_later(request, answer))
            else:
                write({"id": request["id"], "result": answer})

    async def answer_later(self, request, answer):
        try:
            write({"id": request["id"], "result": await answer})
        except Exception as exception:
            self.refuse(request, exception)

    def refuse(self, request, exception):
        write({"id": request["id"], "error": {"code": -32000, "message": f"{type(exception).__name__}: {exception}"}})


def make_client(params):
    if params["codec"] != "msgpack":
        raise ValueError(f"the library has no codec {params['codec']}")
    values = [from_tagged(value) for value in params.get("metadata") or [None]]
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


async def read_requests():
    reader = asyncio.StreamReader(limit=32 * 1024 * 1024)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    adapter = Adapter()
    while line := await reader.readline():
        adapter.receive(line)
    # Nothing is left to tell to anyone.
    os._exit(0)


def serve(out):
    global OUT
    OUT = os.fdopen(out, "w", encoding="ascii", buffering=1)
    asyncio.run(read_requests())


logging.basicConfig(stream=sys.stderr, level=logging.INFO)
Parent(INFO, serve).run()
