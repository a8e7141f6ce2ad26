# /// script
# requires-python = ">=3.12,<3.14"
# dependencies = []
# ///
"""Weir adapter for the River v2 client of PyPI's replit-river (replit_river.v2). See docs/adapters.md.

It does what an application would do with the library's public API, and reports what that application would see. It never
retries, reorders or completes anything for the library. Each client has a process of its own (weir_apart): the
library can leave its event loop spinning for good (README.md, "The process hangs").
"""

import logging
import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kits" / "python"))

from client import RiverClient
from weir_apart import run
from weir_kit import Adapter

logging.basicConfig(stream=sys.stderr, level=logging.INFO)
run(
    Adapter(
        name="replit-river",
        version=version("replit-river"),
        protocol="river",
        bindings=["msgpack"],
        features=[
            "metadata",
            "metadata-throw",
            "cancel",
            "eager-connect",
            "transparent-reconnects-off",
            "client-grace",
            "half-close",
            "multiple-clients",
            "retry-budget",
            "restart",
        ],
        concurrency=4,
        connect=RiverClient,
    )
)
