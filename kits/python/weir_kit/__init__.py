"""What adapters in Python have in common (docs/adapters.md)."""

from .adapter import Adapter
from .calls import Call, Instance, error_result
from .clock import Clock
from .conversation import Conversation, Refusal, converse, run
from .lines import put, take_stdout, written
from .values import from_tagged, parse_int, to_tagged

__all__ = [
    "Adapter",
    "Call",
    "Clock",
    "Conversation",
    "Instance",
    "Refusal",
    "converse",
    "error_result",
    "from_tagged",
    "parse_int",
    "put",
    "run",
    "take_stdout",
    "to_tagged",
    "written",
]
