"""A client of the library."""

import asyncio
from urllib.parse import urlsplit

from end import End
from handler import Handler
from requester import start
from rsocket.extensions.mimetypes import WellKnownMimeTypes
from rsocket.payload import Payload
from rsocket.rsocket_client import RSocketClient
from rsocket.transports.aiohttp_websocket import TransportAioHttpClient
from rsocket.transports.tcp import TransportTCP
from settings import common, timer
from weir_kit import Refusal
from weir_rsocket import Services, optional_bytes

COMPOSITE = WellKnownMimeTypes.MESSAGE_RSOCKET_COMPOSITE_METADATA.value.name
OCTETS = WellKnownMimeTypes.APPLICATION_OCTET_STREAM.value.name


class Client:
    """Dials when it is told to, or called."""

    def __init__(self, instance, params):
        self.params = params
        self.end = End(instance)
        self.dialling = None

    async def transport(self):
        address = urlsplit(self.params["url"])
        if self.params["binding"] == "websocket":
            yield TransportAioHttpClient(self.params["url"])
        else:
            yield TransportTCP(*await asyncio.open_connection(address.hostname, address.port))

    def dial(self):
        self.dialling = self.dialling or asyncio.ensure_future(self.connect())
        return self.dialling

    async def connect(self):
        options = self.params["options"]
        if "resume" in options:
            raise Refusal("the library cannot resume")
        services = Services(self.end.instance, self.params)
        self.end.rsocket = RSocketClient(
            self.transport(),
            handler_factory=lambda: Handler(services, self.end),
            keep_alive_period=timer(self.params, "keepaliveMs"),
            max_lifetime_period=timer(self.params, "lifetimeMs"),
            metadata_encoding=options.get("metadataMime", COMPOSITE),
            data_encoding=options.get("dataMime", OCTETS),
            setup_payload=Payload(optional_bytes(options.get("setupData")), optional_bytes(options.get("setupMetadata"))),
            **common(self.params),
        )
        if await self.end.rsocket.connect() is not None:
            self.end.instance.status("connected")
        return self.end.rsocket

    async def invoke(self, call):
        return start(call, await self.dial())

    async def close(self):
        if self.dialling is not None:
            await (await self.dialling).close()
