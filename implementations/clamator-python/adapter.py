# /// script
# requires-python = ">=3.12,<3.14"
# dependencies = []
# ///
"""Weir adapter for PyPI's clamator-over-redis, both roles. See docs/adapters.md.

It does what an application would do with the library's public API, and reports what that application would see:
- RpcError keeps its code; ClamatorTransportError is TRANSPORT, ClamatorProtocolError PROTOCOL, and ValueError, which is raised for
  names that are none, is NAME. Everything else is told by its class.
- `how: kill` stops a server without any grace: its tasks are cancelled where they are, and it says nothing more.
"""

import asyncio
import inspect
import itertools
import logging
import os
import sys
from importlib.metadata import version
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kits" / "python"))

from clamator_over_redis import RedisRpcClient, RedisRpcServer
from clamator_protocol import ClamatorProtocolError, ClamatorTransportError, RpcError
from redis.asyncio import Redis
from services import MODELS, Handlers, contract
from weir_kit import Refusal, run

# The Redis library speaks RESP3 by itself from 8 on.
SPEAKS_RESP3 = int(version("redis").split(".")[0]) >= 8
BY_OBJECT = os.environ.get("CLAMATOR_REDIS") == "object"
OWN_TIMEOUT = "timeout_ms" in inspect.signature(RedisRpcClient.call).parameters
CODES = {ClamatorTransportError: "TRANSPORT", ClamatorProtocolError: "PROTOCOL", ValueError: "NAME"}
INFO = {
    "control": 1,
    "name": "clamator-python",
    "version": version("clamator-over-redis"),
    "language": "Python",
    "protocol": "clamator",
    "roles": ["client", "server"],
    "bindings": ["resp2", "resp3"] if SPEAKS_RESP3 else ["resp2"],
    "features": ["reply-maxlen", "decoded-text", "late-registration", *(["own-timeout", "json-values"] if OWN_TIMEOUT else [])],
    "concurrency": 8,
}


class End:
    """What clients and servers have alike: a Redis, a prefix and an id."""

    def __init__(self, instance, params, own_id):
        self.instance = instance
        self.params = params
        self.options = params["options"]
        self.scale = self.options.get("timeScale", 1)
        self.url = params["url"]
        asked = self.options.get("resp", 2 if params["binding"] == "resp2" and SPEAKS_RESP3 else None)
        self.url += "" if asked is None else f"?protocol={asked}"
        if self.options.get("decodedText"):
            self.url += f"{'?' if asked is None else '&'}decode_responses=True"
        self.redis = None
        if BY_OBJECT:
            at = urlsplit(self.url)
            options = dict(parse_qsl(at.query))
            self.redis = Redis(host=at.hostname, port=at.port, **options)
        self.given = {
            "key_prefix": params.get("space", "") + self.options.get("prefix", ""),
            "instance_id": None if self.options.get("ownId") else own_id,
            **({"redis": self.redis} if BY_OBJECT else {"redis_url": self.url}),
        }

    def timer(self, name):
        return round(self.params["timers"][name])

    async def closed(self):
        """The application closes what is its own."""
        if self.redis is not None:
            await self.redis.aclose()
        self.instance.status("closed")


class Client(End):
    def __init__(self, instance, params):
        super().__init__(instance, params, params["clientId"])
        self.client = RedisRpcClient(**self.given, default_timeout_ms=self.timer("callTimeoutMs"))

    async def dial(self):
        await self.client.start()

    async def invoke(self, call):
        # Whoever may not begin by itself is started by `dial`. One that was stopped is not started again.
        if not self.options.get("held") and not self.over:
            await self.client.start()
        return Running(self, call)

    over = False

    async def close(self):
        self.over = True
        await self.client.stop()
        await self.closed()


class Running:
    def __init__(self, owner, call):
        self.call = call
        self.task = asyncio.create_task(self.run(owner.client, owner.scale))

    async def run(self, client, scale):
        service, _, method = self.call.procedure.partition(".")
        params = {} if self.call.value is None else self.call.value
        own = (self.call.metadata or {}).get("timeoutMs")
        try:
            if self.call.kind == "notification":
                await client.notify(service, method, params)
            else:
                limit = {} if own is None else {"timeout_ms": round(own * scale)}
                self.call.message(await client.call(service, method, params, **limit))
        except RpcError as error:
            self.call.error(error.code, error.message, error.data)
        except Exception as error:
            self.call.error(CODES.get(type(error), type(error).__name__), error)
        finally:
            self.call.end()

    def cancel(self):
        self.task.cancel()


class Server(End):
    def __init__(self, instance, params):
        super().__init__(instance, params, params["serverId"])
        limits = {"consumer_claim_idle_ms": self.timer("claimIdleMs"), "reply_stream_maxlen": self.timer("replyMaxlen")}
        self.server = RedisRpcServer(**self.given, **limits)
        self.runs = itertools.count(1)
        self.host(self.options.get("services", MODELS))

    def host(self, services):
        for service in services:
            self.server.register_service(contract(service), Handlers(service, self.tell, self.wait))

    async def start(self):
        try:
            await self.server.start()
        except Exception:
            await self.stop(None)
            raise
        self.host(self.options.get("late", []))

    def tell(self, procedure, value):
        number = next(self.runs)
        self.instance.handler(procedure, number, "started", value)
        return lambda: self.instance.handler(procedure, number, "finished")

    def wait(self, ms):
        return asyncio.sleep(ms * self.scale / 1000)

    async def stop(self, how):
        if how not in (None, "kill"):
            raise Refusal(f"the library cannot stop by {how}")
        await self.server.stop(grace_ms=0 if how == "kill" else self.timer("graceMs"))
        await self.closed()


class Adapter:
    info = INFO

    def connect(self, instance, params):
        return Client(instance, params)

    async def serve(self, instance, params):
        server = Server(instance, params)
        await server.start()
        return server


logging.basicConfig(stream=sys.stderr, level=logging.ERROR)
run(Adapter())
