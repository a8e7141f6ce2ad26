"""A server of the libraries of the connectrpc organisation: their ASGI application under uvicorn."""

import asyncio
import contextlib
import socket

import uvicorn
from connectrpc.compression.brotli import BrotliCompression
from connectrpc.compression.gzip import GzipCompression
from connectrpc.server import ConnectASGIApplication, Endpoint
from handlers import Handlers
from weir_kit import Clock


class Application(ConnectASGIApplication):
    path = "/weir.v1.Test"


class Quiet(uvicorn.Server):
    """Signals are for the whole process, not for one server of several."""

    def capture_signals(self):
        return contextlib.nullcontext()


class Server:
    def __init__(self, library, instance, params):
        handlers = Handlers(library, instance, Clock(params))
        made = {"Count": (Endpoint.server_stream, handlers.count), "Sum": (Endpoint.client_stream, handlers.sum)}
        made["Chat"] = (Endpoint.bidi_stream, handlers.chat)
        endpoints = {}
        for procedure, method in library.methods.items():
            endpoint, function = made.get(method.name, (Endpoint.unary, handlers.unary))
            endpoints[f"/{procedure}"] = endpoint(method=method, function=function)
        options = params["options"]
        limit = {"read_max_bytes": options["readMaxBytes"]} if "readMaxBytes" in options else {}
        application = Application(
            service=None,
            endpoints=lambda _service: endpoints,
            compressions=[GzipCompression(), BrotliCompression()],
            **limit,
        )
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.uvicorn = Quiet(uvicorn.Config(application, lifespan="off", log_config=None, access_log=False))
        self.serving = asyncio.create_task(self.uvicorn.serve(sockets=[self.socket]))

    async def stop(self, _how):
        self.uvicorn.should_exit = self.uvicorn.force_exit = True
        for connection in list(self.uvicorn.server_state.connections):
            connection.transport.abort()
        await self.serving
