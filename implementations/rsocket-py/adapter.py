# /// script
# requires-python = ">=3.12,<3.14"
# dependencies = []
# ///
"""Weir adapter for PyPI's rsocket, both roles. See docs/adapters.md.

It does what an application would do with the library's public API, and reports what that application would see:
- RSocketProtocolError keeps its code, and RuntimeError, which the library raises for APPLICATION_ERROR, is told as that.
- A connection that is lost is told by the library as ERROR frames of CONNECTION_ERROR, which it makes itself: CLOSED. One that came
  over the wire names a reason, which the library's own never do.
"""

import logging
import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kits" / "python"))

from client import Client
from server import serve
from weir_kit import Adapter, run

logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
run(
    Adapter(
        name="rsocket-py",
        version=version("rsocket"),
        protocol="rsocket",
        bindings=["tcp", "websocket"],
        features=["lease", "fragmentation", "metadata-push", "server-calls", "client-handlers", "credit", "response-metadata"],
        connect=Client,
        serve=serve,
    )
)
