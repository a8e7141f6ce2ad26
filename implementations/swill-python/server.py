"""A server of the library, served by uvicorn.

What the library keeps for a whole process (handlers, hooks, requests) begins anew with each server, as it would in a process of its own.
"""

import asyncio
import contextlib
import os
import socket

import swill
import uvicorn
from hooks import attach
from procedures import register
from swill import Connection
from weir_kit import Clock

# The longest that an orderly end is waited for, s.
PATIENCE = 1


class Listener(uvicorn.Server):
    """uvicorn beside the conversation: signals are not its own, and it tells when it listens."""

    def __init__(self, config):
        super().__init__(config)
        self.up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self):
        yield

    async def startup(self, sockets=None):
        await super().startup(sockets)
        self.up.set()


class Server:
    def __init__(self, instance, params):
        options = params["options"]
        clock = Clock(params)
        kept = {
            "_handlers": {},
            "_lifecycle_handlers": {name: [] for name in swill.Swill._lifecycle_handlers},
            "default_config": {"swill": {"introspection": options.get("introspection", True)}},
        }
        Connection.requests = {}
        app = type("App", (swill.Swill,), kept)("weir", path=options.get("path", "/ws"), root_path=os.getcwd())
        register(app, instance, clock, options.get("procedures"))
        attach(app, options.get("hooks", {}), instance, clock)
        config = uvicorn.Config(app, ws="wsproto", lifespan="off", log_config=None, timeout_graceful_shutdown=PATIENCE)
        self.listener = Listener(config)
        self.path = app.path

    async def listen(self):
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{listening.getsockname()[1]}{self.path}"
        self.serving = asyncio.ensure_future(self.listener.serve(sockets=[listening]))
        up = asyncio.ensure_future(self.listener.up.wait())
        await asyncio.wait([up, self.serving], return_when=asyncio.FIRST_COMPLETED)
        if self.serving.done():
            self.serving.result()

    async def stop(self, _how):
        self.listener.should_exit = True
        await self.serving


async def serve(instance, params):
    server = Server(instance, params)
    await server.listen()
    return server
