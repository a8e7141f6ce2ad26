# /// script
# requires-python = ">=3.12"
# dependencies = []
# ///
"""A library that repeats what it is told, and an adapter for it: what the kits are tested with. toy.mjs does the same."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

from weir_kit import Refusal, run


class Running:
    def __init__(self, call):
        self.call = call

    def send(self, value, metadata):
        if value == "refuse":
            raise Refusal("not this one")
        self.call.message(value, metadata)

    def credit(self, n):
        self.call.message(f"{n} more")

    def finish(self, metadata, error):
        if error is not None:
            self.call.error(error["code"], error["message"], extras={"from": "finish"}, metadata=metadata)
        self.call.end(metadata)

    def cancel(self):
        self.call.error("CANCEL", "cancelled")
        self.call.end()


class Once:
    """A call that has nothing to write: only what it has can be asked for."""


class Client:
    def __init__(self, instance, params):
        self.instance = instance
        self.params = params

    async def dial(self):
        self.instance.status("connected", self.params["binding"])

    async def invoke(self, call):
        print("a library that prints")
        if call.kind == "slow":
            await asyncio.sleep(0.05)
        if call.kind == "once":
            call.message(call.value)
            call.end()
            return Once()
        call.start(call.metadata)
        asked = {"procedure": call.procedure, "service": call.service, "credit": call.credit, "to": call.to}
        call.message({**asked, "value": call.value} if call.has_value else asked)
        return Running(call)

    async def close(self):
        self.instance.log("closed")


class Server:
    def __init__(self, instance, params):
        self.instance = instance
        self.params = params
        self.url = f"ws://127.0.0.1:{params['timers'].get('port', 1)}"
        options = params["options"]
        seen = {"value": options.get("value"), "has_value": "value" in options, "metadata": b"\x00\xff"}
        instance.handler("echo", 1, "started", **seen)

    def invoke(self, call):
        return Running(call)

    def stop(self, how):
        self.instance.log(f"stopped {how}")


class Adapter:
    info = {"control": 1, "name": "toy", "roles": ["client", "server"]}

    def connect(self, instance, params):
        return Client(instance, params)

    async def serve(self, instance, params):
        return Server(instance, params)


run(Adapter())
