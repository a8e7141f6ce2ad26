"""The standard messages as protobuf-py has them, made from their descriptors."""

import json
from pathlib import Path

from protobuf.wkt.google.protobuf.descriptor_pb import FileDescriptorSet

DESCRIPTORS = Path(__file__).resolve().parents[2] / "cases" / "connect" / "weir.binpb"
REGISTRY = FileDescriptorSet.from_binary(DESCRIPTORS.read_bytes()).to_registry()
SERVICE = REGISTRY.service("weir.v1.Test")
SAY = REGISTRY.message("weir.v1.Say").type


def message(kind, value):
    """A message from its JSON form, of which nothing is the empty one."""
    return kind.from_json(json.dumps(value or {}))


def value_of(said):
    return json.loads(said.to_json())
