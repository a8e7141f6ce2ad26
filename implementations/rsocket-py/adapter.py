# /// script
# requires-python = ">=3.12,<3.14"
# dependencies = []
# ///
"""Weir adapter for PyPI's rsocket, both roles. See docs/adapters.md.

It does what an application would do with the library's public API, and reports what that application would see:
- RSocketProtocolError keeps its code, and RuntimeError, which the library raises for APPLICATION_ERROR, is told as that.
- A connection that is lost is told by the library as ERROR frames of CONNECTION_ERROR, which it makes itself: CLOSED. One that came
  over the wire names a reason, which the library's own never do.
"""

import asyncio
import logging
import sys
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kits" / "python"))

from aiohttp import web
from forms import described, item_of, request_of
from handler import Handler
from requester import start
from rsocket.extensions.mimetypes import WellKnownMimeTypes
from rsocket.lease import SingleLeasePublisher
from rsocket.payload import Payload
from rsocket.rsocket_client import RSocketClient
from rsocket.rsocket_server import RSocketServer
from rsocket.transports.aiohttp_websocket import TransportAioHttpClient, websocket_handler_factory
from rsocket.transports.tcp import TransportTCP
from weir_kit import Refusal, run
from weir_rsocket import Services, optional_bytes

COMPOSITE = WellKnownMimeTypes.MESSAGE_RSOCKET_COMPOSITE_METADATA.value.name
OCTETS = WellKnownMimeTypes.APPLICATION_OCTET_STREAM.value.name
INFO = {
    "control": 1,
    "name": "rsocket-py",
    "version": version("rsocket"),
    "language": "Python",
    "protocol": "rsocket",
    "roles": ["client", "server"],
    "bindings": ["tcp", "websocket"],
    "features": ["lease", "fragmentation", "metadata-push", "server-calls", "client-handlers", "credit", "response-metadata"],
    "concurrency": 8,
}


def common(binding, timers, options):
    """What clients and servers are told alike."""
    given = {}
    if "fragmentSize" in options:
        # The library counts the length that stands before a frame on TCP.
        given["fragment_size_bytes"] = options["fragmentSize"] + (3 if binding == "tcp" else 0)
    if "leaseRequests" in options:
        ttl = timedelta(milliseconds=round(timers["leaseTtlMs"]))
        given["lease_publisher"] = SingleLeasePublisher(options["leaseRequests"], ttl)
        given["honor_lease"] = True
    return given


class End:
    """One connection, as handlers and calls know it."""

    def __init__(self, instance, opened=lambda _end: None):
        self.instance = instance
        self.opened = opened
        self.rsocket = None

    def accepted(self):
        self.opened(self)
        self.instance.status("connected")

    def closed(self):
        self.instance.status("disconnected")

    def refused(self, code):
        self.instance.status("refused", code)

    def echo(self, item, then):
        def answered(future):
            if future.cancelled():
                return
            failure = future.exception()
            then(*((item_of(future.result()), None) if failure is None else (None, described(failure))))

        future = self.rsocket.request_response(request_of("echo", item))
        future.add_done_callback(answered)
        return future

    def push(self, metadata):
        self.rsocket.metadata_push(metadata)


class Client:
    def __init__(self, instance, params):
        self.params = params
        self.end = End(instance)
        self.dialling = None

    async def transport(self):
        address = urlsplit(self.params["url"])
        if self.params["binding"] == "websocket":
            yield TransportAioHttpClient(self.params["url"])
        else:
            yield TransportTCP(*await asyncio.open_connection(address.hostname, address.port))

    def dial(self):
        self.dialling = self.dialling or asyncio.ensure_future(self.connect())
        return self.dialling

    async def connect(self):
        timers, options = self.params["timers"], self.params["options"]
        if "resume" in options:
            raise Refusal("the library cannot resume")
        services = Services(self.end.instance, options.get("timeScale", 1))
        self.end.rsocket = RSocketClient(
            self.transport(),
            handler_factory=lambda: Handler(services, self.end),
            keep_alive_period=timedelta(milliseconds=round(timers["keepaliveMs"])),
            max_lifetime_period=timedelta(milliseconds=round(timers["lifetimeMs"])),
            metadata_encoding=options.get("metadataMime", COMPOSITE),
            data_encoding=options.get("dataMime", OCTETS),
            setup_payload=Payload(optional_bytes(options.get("setupData")), optional_bytes(options.get("setupMetadata"))),
            **common(self.params["binding"], timers, options),
        )
        if await self.end.rsocket.connect() is not None:
            self.end.instance.status("connected")
        return self.end.rsocket

    async def invoke(self, call):
        return start(call, await self.dial())

    async def close(self):
        if self.dialling is not None:
            await (await self.dialling).close()


class Server:
    def __init__(self, instance, params):
        options = params["options"]
        self.instance = instance
        self.services = Services(instance, options.get("timeScale", 1))
        self.given = common(params["binding"], params["timers"], options)
        self.ends = []
        self.rsockets = []
        self.making = None

    def handler(self):
        self.making = End(self.instance, self.ends.append)
        return Handler(self.services, self.making)

    def made(self, rsocket):
        self.making.rsocket = rsocket
        self.rsockets.append(rsocket)

    async def listen_tcp(self):
        def accept(*streams):
            self.made(RSocketServer(TransportTCP(*streams), handler_factory=self.handler, **self.given))

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        self.url = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self.shut = server.close

    async def listen_websocket(self):
        application = web.Application()
        handler = websocket_handler_factory(on_server_create=self.made, handler_factory=self.handler, **self.given)
        application.router.add_get("/", handler)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, shutdown_timeout=0)
        await site.start()
        self.url = f"ws://127.0.0.1:{runner.addresses[0][1]}"
        self.shut = runner.cleanup

    def invoke(self, call):
        if not self.ends:
            raise Refusal("nobody is connected")
        return start(call, self.ends[-1 if call.to is None else call.to].rsocket)

    async def stop(self, _how):
        for rsocket in self.rsockets:
            await rsocket.close()
        stopped = self.shut()
        if stopped is not None:
            await stopped


class Adapter:
    info = INFO

    def connect(self, instance, params):
        return Client(instance, params)

    async def serve(self, instance, params):
        server = Server(instance, params)
        await (server.listen_tcp() if params["binding"] == "tcp" else server.listen_websocket())
        return server


logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
run(Adapter())
