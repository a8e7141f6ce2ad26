"""What the handlers of services.yaml do, and what they tell of what they see."""

import asyncio
from contextlib import contextmanager

from client import plain
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from metadata import metadata_of


class Failure(ConnectError):
    """One that a request asks for."""


CODES = {code.value: code for code in Code}


class Handlers:
    def __init__(self, library, instance, clock):
        self.library = library
        self.instance = instance
        self.clock = clock

    @contextmanager
    def run(self, context, value=None):
        """A run of a handler. What stops it from outside means that its caller is gone, or that the time was up."""
        method = plain(context.method)
        tell = self.instance.telling(f"{method.service_name}/{method.name}")
        fields = list(plain(context.request_headers).allitems())
        tell("started", value=value, metadata=metadata_of(fields))
        for name, said in fields:
            if name.startswith("x-"):
                plain(context.response_headers).add(name, said)
            if name.startswith("t-"):
                plain(context.response_trailers).add(name, said)
        try:
            yield tell
        except (asyncio.CancelledError, GeneratorExit):
            tell("cancelled")
            raise
        except ConnectError as error:
            # So says reading that the caller is gone.
            is_gone = error.code is Code.CANCELED and not isinstance(error, Failure)
            tell("cancelled" if is_gone else "finished")
            raise
        tell("finished")

    def failure(self, request, details=()):
        return Failure(CODES.get(request.code, Code.UNKNOWN), request.message, details)

    async def unary(self, request, context):
        method = plain(context.method)
        if method.name == "Unmade":
            raise ConnectError(Code.UNIMPLEMENTED, "Not implemented")
        with self.run(context, self.library.value(request)):
            match method.name:
                case "Fail" | "FetchFail":
                    raise self.failure(request, list(request.details))
                case "Wait":
                    await self.clock.wait(request.ms)
                    return method.output(text=request.text)
                case "Left":
                    ms = plain(context.timeout_ms)
                    return method.output() if ms is None else method.output(number=max(0, int(ms)))
                case _:
                    return request

    async def count(self, request, context):
        with self.run(context) as tell:
            tell("request", value=self.library.value(request))
            for n in range(1, request.to + 1):
                await self.clock.wait(request.pause_ms)
                yield plain(context.method).output(n=n)
            if request.code != "":
                raise self.failure(request)

    async def sum(self, requests, context):
        with self.run(context) as tell:
            total = count = 0
            async for request in requests:
                tell("request", value=self.library.value(request))
                total += request.n
                count += 1
            tell("requests-closed")
            return plain(context.method).output(sum=total, count=count)

    async def chat(self, requests, context):
        with self.run(context) as tell:
            all_of_them = []
            async for request in requests:
                tell("request", value=self.library.value(request))
                all_of_them.append(request)
            tell("requests-closed")
            for request in all_of_them:
                yield request
