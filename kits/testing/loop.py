# /// script
# requires-python = ">=3.12"
# dependencies = []
# ///
"""A library for RSocket whose network is a queue of this process, and an adapter for it: what the RSocket part of the kit is tested with.

loop.mjs does the same.
"""

import asyncio
import sys
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

from weir_kit import run
from weir_rsocket import Asking, Item, Request, Services, bytes_of, code_name, code_number, optional_bytes


def sent(act, *values):
    """What is sent comes later, in order."""
    asyncio.get_running_loop().call_soon(act, *values)


class Stream:
    """A call that `of`, an end, takes from the other. `receiver` hears of it until the responder has ended it, or the requester has left."""

    def __init__(self, of, request, credit, receiver):
        self.receiver = receiver
        self.over = False
        self.run = None
        sent(self.begin, of, request, credit)

    def begin(self, of, request, credit):
        try:
            self.run = of.services.begin(request, credit, SimpleNamespace(**self.way()), of.other)
        except Exception as raised:
            self.failed("APPLICATION_ERROR", str(raised))

    def back(self, ends, tell, *values):
        if not self.over:
            sent(tell, *values)
        self.over |= ends

    def failed(self, code, text):
        self.back(True, self.receiver.failed, code_name(code_number(code)), text)

    def way(self):
        """What the responder does."""
        return {
            "next": lambda item, last: self.back(last, self.receiver.item, item, last),
            "complete": lambda: self.back(True, self.receiver.completed),
            "error": self.failed,
            "request": lambda n: sent(self.receiver.granted, n),
            "stop_input": lambda: sent(self.receiver.unwanted),
        }

    # What the requester does.

    def cancel(self):
        self.over = True
        sent(lambda: self.run.ended("cancelled"))

    def request(self, n):
        sent(lambda: self.run.credit(n))

    def next(self, item, last):
        sent(lambda: self.run.item(item))
        if last:
            self.complete()

    def complete(self):
        sent(lambda: self.run.input_complete())

    def error(self, code, _text):
        sent(lambda: self.run.ended("requests-failed", code_name(code_number(code))))


class End:
    """One end of a connection."""

    def __init__(self, instance, params):
        self.instance = instance
        self.services = Services(instance, params)
        self.other = None

    # As a handler of the other end reaches it.

    def echo(self, first, then):
        receiver = SimpleNamespace(
            item=lambda item, _last: then(item, None),
            completed=lambda: then(None, None),
            failed=lambda code, text: then(None, (code, text)),
        )
        return Stream(self, Request("echo", first, "request-response"), 1, receiver)

    def push(self, metadata):
        sent(self.services.pushed, metadata)

    # As the conversation does.

    def invoke(self, call):
        if call.kind == "metadata-push":
            return self.other.push(bytes_of(call.metadata))
        asking = Asking(call, None)
        silent = SimpleNamespace(failed=lambda _code, _text: None)
        request = Request(call.procedure, Item(bytes_of(call.value), optional_bytes(call.metadata)), call.kind)
        credit = 2**31 - 1 if call.credit is None else call.credit
        asking.asked = Stream(self.other, request, credit, silent if call.kind == "fire-and-forget" else asking)
        return asking.running()

    def close(self):
        pass

    def stop(self, _how):
        pass


class Adapter:
    info = {"control": 1, "name": "loop", "roles": ["client", "server"]}
    servers = {}

    async def connect(self, instance, params):
        client, server = End(instance, params), self.servers[params["url"]]
        try:
            await client.services.admit(bytes_of(params["options"].get("setupData")))
        except RuntimeError:
            instance.status("refused", "REJECTED_SETUP")
            return client
        client.other, server.other = server, client
        server.instance.status("connected")
        instance.status("connected")
        return client

    def serve(self, instance, params):
        server = End(instance, params)
        server.url = "loop:s"
        self.servers[server.url] = server
        return server


run(Adapter())
