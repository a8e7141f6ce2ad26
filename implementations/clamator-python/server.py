"""A server of the library."""

from clamator_over_redis import RedisRpcServer
from end import End
from services import MODELS, Handlers, contract
from weir_kit import Refusal


class Server(End):
    def __init__(self, instance, params):
        super().__init__(instance, params, params["serverId"])
        limits = {"consumer_claim_idle_ms": self.timer("claimIdleMs"), "reply_stream_maxlen": self.timer("replyMaxlen")}
        self.server = RedisRpcServer(**self.given, **limits)
        self.host(self.options.get("services", MODELS))

    def host(self, services):
        for service in services:
            self.server.register_service(contract(service), Handlers(service, self.tell, self.clock.wait))

    async def start(self):
        try:
            await self.server.start()
        except Exception:
            await self.stop(None)
            raise
        self.host(self.options.get("late", []))

    def tell(self, procedure, value):
        tell = self.instance.telling(procedure)
        tell("started", value)
        return lambda: tell("finished")

    async def stop(self, how):
        if how not in (None, "kill"):
            raise Refusal(f"the library cannot stop by {how}")
        await self.server.stop(grace_ms=0 if how == "kill" else self.timer("graceMs"))
        await self.closed()


async def serve(instance, params):
    server = Server(instance, params)
    await server.start()
    return server
