"""A client of the library, and its calls."""

import asyncio

from clamator_over_redis import RedisRpcClient
from clamator_protocol import ClamatorProtocolError, ClamatorTransportError, RpcError
from end import End

CODES = {ClamatorTransportError: "TRANSPORT", ClamatorProtocolError: "PROTOCOL", ValueError: "NAME"}


class Client(End):
    def __init__(self, instance, params):
        super().__init__(instance, params, params["clientId"])
        self.client = RedisRpcClient(**self.given, default_timeout_ms=self.timer("callTimeoutMs"))
        self.over = False

    async def dial(self):
        await self.client.start()

    async def invoke(self, call):
        # Whoever may not begin by itself is started by `dial`. One that was stopped is not started again.
        if not self.options.get("held") and not self.over:
            await self.client.start()
        return Running(self, call)

    async def close(self):
        self.over = True
        await self.client.stop()
        await self.closed()


class Running:
    def __init__(self, owner, call):
        self.call = call
        self.task = asyncio.create_task(self.run(owner.client, owner.clock))

    async def run(self, client, clock):
        service, _, method = self.call.procedure.partition(".")
        params = {} if self.call.value is None else self.call.value
        own = (self.call.metadata or {}).get("timeoutMs")
        try:
            if self.call.kind == "notification":
                await client.notify(service, method, params)
            else:
                limit = {} if own is None else {"timeout_ms": round(clock.scaled(own))}
                self.call.message(await client.call(service, method, params, **limit))
        except RpcError as error:
            self.call.error(error.code, error.message, error.data)
        except Exception as error:
            self.call.error(CODES.get(type(error), type(error).__name__), error)
        finally:
            self.call.end()

    def cancel(self):
        self.task.cancel()
