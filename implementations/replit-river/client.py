"""A client of the library."""

import asyncio
import logging

from options import transport_options
from replit_river.v2 import Client
from running import KINDS


class RiverClient:
    def __init__(self, _instance, params):
        self.client = make_client(params)

    async def dial(self):
        try:
            await self.client.ensure_connected()
        except Exception:
            logging.getLogger("adapter").info("ensure_connected failed", exc_info=True)

    async def invoke(self, call):
        if call.kind not in KINDS:
            raise ValueError(f"the library has no procedures of kind {call.kind}")
        running = KINDS[call.kind](self.client, call)
        await asyncio.sleep(0)  # the task has begun, the call is with the library
        return running

    async def close(self):
        await self.client.close()


def make_client(params):
    if params["binding"] != "msgpack":
        raise ValueError(f"the library has no binding {params['binding']}")
    values = params.get("metadata") or [None]
    handshakes = 0

    async def uri_and_metadata():
        nonlocal handshakes
        value = values[min(handshakes, len(values) - 1)]
        handshakes += 1
        if isinstance(value, dict) and "$throw" in value:
            raise RuntimeError(value["$throw"])
        return {"uri": params["url"], "metadata": value}

    return Client(uri_and_metadata, params["clientId"], params["serverId"], transport_options(params))
