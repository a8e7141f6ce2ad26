"""A server of the library."""

import asyncio

from aiohttp import web
from end import End
from handler import Handler
from requester import start
from rsocket.rsocket_server import RSocketServer
from rsocket.transports.aiohttp_websocket import websocket_handler_factory
from rsocket.transports.tcp import TransportTCP
from settings import common
from weir_kit import Refusal
from weir_rsocket import Services


class Server:
    """Accepts connections and hosts the standard services on each."""

    def __init__(self, instance, params):
        self.instance = instance
        self.services = Services(instance, params)
        self.given = common(params)
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


async def serve(instance, params):
    server = Server(instance, params)
    await (server.listen_tcp() if params["binding"] == "tcp" else server.listen_websocket())
    return server
