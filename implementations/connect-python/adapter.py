# /// script
# requires-python = ">=3.12,<3.14"
# dependencies = []
# ///
"""Weir adapter for PyPI's connect-python 0.9.0, both roles, the server under uvicorn. See docs/adapters.md.

It is the code base that goes on as connectrpc: what the two adapters have in common stands beside the other one. What fails with
another exception than ConnectError is told by the name of its class.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2] / "kits" / "python"), str(HERE.parents[1] / "connectrpc-python")]

import google_messages as messages
from adapters import adapter
from client import Client
from connectrpc.client import ConnectClient
from connectrpc.method import IdempotencyLevel, MethodInfo
from metadata import unpadded
from server import Server
from weir_kit import run


class Library:
    message = staticmethod(messages.message)
    value = staticmethod(messages.value_of)
    methods = {
        f"{messages.SERVICE.full_name}/{method.name}": MethodInfo(
            name=method.name,
            service_name=messages.SERVICE.full_name,
            input=messages.class_of(method.input_type),
            output=messages.class_of(method.output_type),
            idempotency_level=IdempotencyLevel.NO_SIDE_EFFECTS
            if method.GetOptions().idempotency_level == method.GetOptions().NO_SIDE_EFFECTS
            else IdempotencyLevel.UNKNOWN,
        )
        for method in messages.SERVICE.methods
    }

    @staticmethod
    def client(address, json, **options):
        return ConnectClient(address, proto_json=json, **options)

    @staticmethod
    def details(error):
        return [detail_of(detail) for detail in error.details]


def detail_of(detail):
    name = detail.type_url.rpartition("/")[2]
    if name == messages.SAY.DESCRIPTOR.full_name:
        return {"type": name, "message": messages.value_of(messages.SAY.FromString(detail.value))}
    return {"type": name, "value": unpadded(detail.value)}


run(
    adapter(
        "connect-python",
        "connect-python",
        connect=lambda _instance, params: Client(Library, params),
        serve=lambda instance, params: Server(Library, instance, params),
    )
)
