# /// script
# requires-python = ">=3.12,<3.14"
# dependencies = []
# ///
"""Weir adapter for PyPI's connect-python 0.4.2, its client for asyncio (aiohttp). See docs/adapters.md.

That release is another library than those of later numbers. It does what an application would do with the public API, and reports
what that application would see. A ConnectError keeps its code, whether the library gives it or raises it. Any other exception is
told by the name of its class, also TimeoutError and those of aiohttp.
"""

import asyncio
import base64
import sys
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2] / "kits" / "python"), str(HERE.parents[1] / "connectrpc-python")]

import aiohttp
import google_messages as messages
from adapters import adapter
from calls import Calls, Running
from connectrpc.client_async import AsyncConnectClient
from connectrpc.client_protocol import ConnectProtocol
from connectrpc.errors import ConnectError
from metadata import fields_of, metadata_of
from multidict import CIMultiDict
from weir_kit import run

METHODS = {f"{messages.SERVICE.full_name}/{method.name}": method for method in messages.SERVICE.methods}


def detail_of(detail):
    """A detail as cases see it: what is no Say stays as it came."""
    if detail.type != messages.SAY.DESCRIPTOR.full_name:
        return {"type": detail.type, "value": detail.value}
    data = base64.b64decode(detail.value + "=" * (-len(detail.value) % 4))
    return {"type": detail.type, "message": messages.value_of(messages.SAY.FromString(data))}


class Client:
    def __init__(self, params):
        timeout = params["timers"].get("timeoutMs", 0)
        self.base = params["url"].rstrip("/") + params["options"].get("prefix", "")
        self.timeout = timeout / 1000 if timeout > 0 else None
        self.session = aiohttp.ClientSession()
        self.stub = AsyncConnectClient(
            self.session,
            ConnectProtocol.CONNECT_JSON if params["binding"] == "json" else ConnectProtocol.CONNECT_PROTOBUF,
        )
        self.calls = Calls()

    def dial(self):
        """It dials with its calls."""

    async def close(self):
        self.calls.cancel()
        await self.session.close()

    def invoke(self, call):
        return self.calls.begin(Played(self, call))


class Played(Running):
    def __init__(self, client, call):
        self.client = client
        self.method = METHODS[call.procedure]
        self.request = messages.class_of(self.method.input_type)
        super().__init__(call, lambda value: messages.message(self.request, value))

    async def work(self):
        trailers = {}
        try:
            trailers = await self.play()
        except ConnectError as error:
            self.fail(error)
        except asyncio.CancelledError:
            self.call.error("canceled", "")
        except Exception as error:
            self.call.error(type(error).__name__, str(error))
        self.call.end(trailers)

    def fail(self, error, metadata=None):
        details = [detail_of(detail) for detail in error.details]
        self.call.error(error.code.code_name, error.message, extras=details, metadata=metadata)

    async def play(self):
        """Gives the trailing metadata of a success; that of a failure is told with it, as is its leading one."""
        stub, call = self.client.stub, self.call
        asked = {
            "response_type": messages.class_of(self.method.output_type),
            "extra_headers": CIMultiDict(fields_of(call.metadata)),
            "timeout_seconds": self.client.timeout,
        }
        url = f"{self.client.base}/{call.procedure}"
        if call.kind in ("unary", "get"):
            return self.answer(await stub.call_unary(url, messages.message(self.request, call.value), **asked))
        if call.kind == "client-stream":
            return self.answer(await stub.call_client_streaming(url, self.upload.read(), **asked))
        if call.kind == "server-stream":
            output = await stub.call_server_streaming(url, messages.message(self.request, call.value), **asked)
        else:
            output = await stub.call_bidirectional_streaming(url, self.upload.read(), **asked)
        call.start(metadata_of(output.response_headers().items()))
        async with output as stream:
            async for value in stream:
                call.message(messages.value_of(value))
        # Of a stream that was not read to its end the library gives none.
        trailers = output.response_trailers() if output.done() else CIMultiDict()
        return self.over(output, trailers)

    def over(self, output, trailers):
        if (error := output.error()) is None:
            return metadata_of(trailers.items())
        self.fail(error, metadata_of([*output.response_headers().items(), *trailers.items()]))
        return {}

    def answer(self, output):
        self.call.start(metadata_of(output.response_headers().items()))
        if output.error() is None:
            self.call.message(messages.value_of(output.message()))
        return self.over(output, output.response_trailers())


# It compresses nothing that it sends.
run(
    adapter(
        "connect-python",
        "connect-python",
        connect=lambda _instance, params: Client(params),
        bindings=("proto", "json"),
        features=("bidi", "error-details"),
    )
)
