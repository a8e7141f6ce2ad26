"""What clients and servers have alike."""

import os
from urllib.parse import parse_qsl, urlsplit

from library import SPEAKS_RESP3
from redis.asyncio import Redis
from weir_kit import Clock

BY_OBJECT = os.environ.get("CLAMATOR_REDIS") == "object"


class End:
    """A Redis, a prefix and an id."""

    def __init__(self, instance, params, own_id):
        self.instance = instance
        self.params = params
        self.options = params["options"]
        self.clock = Clock(params)
        self.url = params["url"]
        asked = self.options.get("resp", 2 if params["binding"] == "resp2" and SPEAKS_RESP3 else None)
        self.url += "" if asked is None else f"?protocol={asked}"
        if self.options.get("decodedText"):
            self.url += f"{'?' if asked is None else '&'}decode_responses=True"
        self.redis = None
        if BY_OBJECT:
            at = urlsplit(self.url)
            options = dict(parse_qsl(at.query))
            self.redis = Redis(host=at.hostname, port=at.port, **options)
        self.given = {
            "key_prefix": params.get("space", "") + self.options.get("prefix", ""),
            "instance_id": None if self.options.get("ownId") else own_id,
            **({"redis": self.redis} if BY_OBJECT else {"redis_url": self.url}),
        }

    def timer(self, name):
        return round(self.params["timers"][name])

    async def closed(self):
        """The application closes what is its own."""
        if self.redis is not None:
            await self.redis.aclose()
        self.instance.status("closed")
