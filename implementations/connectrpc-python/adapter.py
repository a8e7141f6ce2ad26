# /// script
# requires-python = ">=3.12,<3.14"
# dependencies = []
# ///
"""Weir adapter for PyPI's connectrpc, both roles, the server under uvicorn. See docs/adapters.md.

It does what an application would do with the library's public API, and reports what that application would see. What fails with
another exception than ConnectError is told by the name of its class.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kits" / "python"))

import buf_messages as messages
from adapters import adapter
from client import Client
from connectrpc.client import ConnectClient
from connectrpc.codec import proto_binary_codec, proto_json_codec
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from metadata import unpadded
from protobuf.wkt.google.protobuf.descriptor_pb import MethodOptions
from server import Server
from weir_kit import run

FREE = MethodOptions.IdempotencyLevel.NO_SIDE_EFFECTS


class Library:
    message = staticmethod(messages.message)
    value = staticmethod(messages.value_of)
    methods = {
        f"{messages.SERVICE.type_name}/{method.name}": MethodInfo(
            name=method.name,
            service_name=messages.SERVICE.type_name,
            input=method.input.type,
            output=method.output.type,
            idempotency_level=IdempotencyLevel.NO_SIDE_EFFECTS if method.idempotency == FREE else IdempotencyLevel.UNKNOWN,
            stream_type=StreamType[method.method_kind.upper().removesuffix("ING")],
        )
        for method in messages.SERVICE.methods
    }

    @staticmethod
    def client(address, json, **options):
        return ConnectClient(address, codec=proto_json_codec() if json else proto_binary_codec(), **options)

    @staticmethod
    def details(error):
        return [detail_of(detail) for detail in error.details]


def detail_of(detail):
    if detail.type_name == messages.SAY.desc().type_name and (said := detail.value(messages.SAY)) is not None:
        return {"type": detail.type_name, "message": messages.value_of(said)}
    return {"type": detail.type_name, "value": unpadded(detail.message_bytes)}


run(
    adapter(
        "connectrpc-python",
        "connectrpc",
        connect=lambda _instance, params: Client(Library, params),
        serve=lambda instance, params: Server(Library, instance, params),
    )
)
