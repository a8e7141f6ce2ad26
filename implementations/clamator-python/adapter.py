# /// script
# requires-python = ">=3.12,<3.14"
# dependencies = []
# ///
"""Weir adapter for PyPI's clamator-over-redis, both roles. See docs/adapters.md.

It does what an application would do with the library's public API, and reports what that application would see:
- RpcError keeps its code; ClamatorTransportError is TRANSPORT, ClamatorProtocolError PROTOCOL, and ValueError, which is raised for
  names that are none, is NAME. Everything else is told by its class.
- `how: kill` stops a server without any grace: its tasks are cancelled where they are, and it says nothing more.
"""

import logging
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kits" / "python"))

from client import Client
from library import OWN_TIMEOUT, SPEAKS_RESP3, VERSION
from server import serve
from weir_kit import Adapter, run

logging.basicConfig(stream=sys.stderr, level=logging.ERROR)
run(
    Adapter(
        name="clamator-python",
        version=VERSION,
        protocol="clamator",
        bindings=["resp2", "resp3"] if SPEAKS_RESP3 else ["resp2"],
        features=["reply-maxlen", "decoded-text", "late-registration", *(["own-timeout", "json-values"] if OWN_TIMEOUT else [])],
        connect=Client,
        serve=serve,
    )
)
