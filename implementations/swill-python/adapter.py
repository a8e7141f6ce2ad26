# /// script
# requires-python = ">=3.10,<3.11"
# dependencies = ["msgspec==0.6.0", "werkzeug==2.1.2", "annotated-types==0.7.0", "uvicorn==0.34.0", "wsproto==1.2.0"]
# ///
"""Weir adapter for the public server of Swill, from the checkout that SWILL_TREE names. See docs/adapters.md.

msgspec and Werkzeug are those that the server asks for, which no Python after 3.10 has.
It does what an application would do: handlers and hooks by the server's API, served by uvicorn. What the server keeps for a whole
process (handlers, hooks, requests) begins anew with each server, as it would in a process of its own.
"""

import asyncio
import contextlib
import logging
import os
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kits" / "python"))
sys.path.insert(0, str(Path(os.environ["SWILL_TREE"]) / "server"))

import swill
import uvicorn
from hooks import attach
from procedures import register
from swill import Connection
from weir_kit import run

INFO = {
    "control": 1,
    "name": "swill-python",
    "version": swill.__version__,
    "language": "Python",
    "protocol": "swill",
    "roles": ["server"],
    "bindings": ["msgpack"],
    "features": ["hooks", "after-accept", "introspection-off", "handler-events", "odd-handlers"],
    # Requests of all connections of a process are in one table: runs side by side would meet there.
    "concurrency": 1,
}
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


class Runs:
    """Numbers the runs of each procedure."""

    def __init__(self):
        self.counted = {}

    def next(self, procedure):
        self.counted[procedure] = self.counted.get(procedure, 0) + 1
        return self.counted[procedure]


class Server:
    def __init__(self, instance, params):
        options = params["options"]
        scale = options.get("timeScale", 1)
        runs = Runs()
        kept = {
            "_handlers": {},
            "_lifecycle_handlers": {name: [] for name in swill.Swill._lifecycle_handlers},
            "default_config": {"swill": {"introspection": options.get("introspection", True)}},
        }
        Connection.requests = {}
        app = type("App", (swill.Swill,), kept)("weir", path=options.get("path", "/ws"), root_path=os.getcwd())
        register(app, instance, runs, scale, options.get("procedures"))
        attach(app, options.get("hooks", {}), instance, runs, scale)
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


class Adapter:
    info = INFO

    async def serve(self, instance, params):
        server = Server(instance, params)
        await server.listen()
        return server


logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
run(Adapter())
