"""A client of the libraries of the connectrpc organisation: an application's calls, and what it sees of them."""

import asyncio

from calls import Calls, Running
from connectrpc.client import ResponseMetadata
from connectrpc.compression.gzip import GzipCompression
from connectrpc.errors import ConnectError
from connectrpc.method import IdempotencyLevel
from connectrpc.request import Headers
from metadata import fields_of, metadata_of
from pyqwest import Client as HTTPClient
from pyqwest import HTTPTransport


def plain(value):
    """What the older library gives by a method, the newer one gives as a property."""
    return value() if callable(value) else value


class Client:
    """`library` is what the versions have otherwise: messages, codecs, details of errors."""

    def __init__(self, library, params):
        options, timeout = params["options"], params["timers"].get("timeoutMs", 0)
        self.library = library
        self.calls = Calls()
        self.stub = library.client(
            params["url"].rstrip("/") + options.get("prefix", ""),
            json=params["binding"].startswith("json"),
            # Connections of its own: without a transport all clients share one.
            http_client=HTTPClient(HTTPTransport()),
            send_compression=GzipCompression() if params["binding"].endswith("-gzip") else None,
            read_max_bytes=options.get("readMaxBytes"),
            timeout_ms=round(timeout) if timeout > 0 else None,
        )

    def dial(self):
        """It dials with its calls."""

    async def close(self):
        await self.stub.close()
        self.calls.cancel()

    def invoke(self, call):
        return self.calls.begin(Played(self, call))


class Played(Running):
    def __init__(self, client, call):
        self.client = client
        self.library = client.library
        self.method = self.library.methods[call.procedure]
        super().__init__(call, lambda value: self.library.message(self.method.input, value))
        self.started = False

    async def work(self):
        with ResponseMetadata() as seen:
            try:
                await self.play(seen)
                trailers = metadata_of(plain(seen.trailers).allitems())
            except ConnectError as error:
                self.fail(seen, error.code.value, error.message, self.library.details(error))
                trailers = {}
            except asyncio.CancelledError:
                self.fail(seen, "canceled", "")
                trailers = {}
            except Exception as error:
                self.fail(seen, type(error).__name__, str(error))
                trailers = {}
            self.call.end(trailers)

    def fail(self, seen, code, message, details=()):
        """Metadata of both kinds is there beside an error, and told with it."""
        self.start(seen)
        fields = [*plain(seen.headers).allitems(), *plain(seen.trailers).allitems()]
        self.call.error(code, message, extras=details, metadata=metadata_of(fields))

    def start(self, seen):
        """Without an answer the library gives no headers: then none began."""
        headers = plain(seen.headers)
        if not self.started and len(headers) > 0:
            self.started = True
            self.call.start(metadata_of(headers.allitems()))

    def answer(self, value, seen):
        self.start(seen)
        self.call.message(self.library.value(value))

    async def play(self, seen):
        stub, asked = self.client.stub, {"method": self.method, "headers": Headers(fields_of(self.call.metadata))}
        match self.call.kind:
            case "unary" | "get":
                request = self.library.message(self.method.input, self.call.value)
                # Generated code has `use_get` only where a method has no side effects.
                use_get = self.call.kind == "get" and self.method.idempotency_level is IdempotencyLevel.NO_SIDE_EFFECTS
                self.answer(await stub.execute_unary(request=request, use_get=use_get, **asked), seen)
            case "server-stream":
                request = self.library.message(self.method.input, self.call.value)
                async for value in stub.execute_server_stream(request=request, **asked):
                    self.answer(value, seen)
            case "client-stream":
                self.answer(await stub.execute_client_stream(request=self.upload.read(), **asked), seen)
            case _:
                async for value in stub.execute_bidi_stream(request=self.upload.read(), **asked):
                    self.answer(value, seen)
        self.start(seen)
