"""The standard messages as Google's protobuf has them, made from their descriptors."""

from pathlib import Path

from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf.descriptor_pb2 import FileDescriptorSet

DESCRIPTORS = Path(__file__).resolve().parents[2] / "cases" / "connect" / "weir.binpb"
POOL = descriptor_pool.DescriptorPool()
for file in FileDescriptorSet.FromString(DESCRIPTORS.read_bytes()).file:
    POOL.Add(file)
SERVICE = POOL.FindServiceByName("weir.v1.Test")
SAY = message_factory.GetMessageClass(POOL.FindMessageTypeByName("weir.v1.Say"))
class_of = message_factory.GetMessageClass


def message(kind, value):
    """A message from its JSON form, of which nothing is the empty one."""
    return json_format.ParseDict(value or {}, kind())


def value_of(said):
    return json_format.MessageToDict(said)
