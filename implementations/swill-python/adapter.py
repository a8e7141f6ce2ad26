# /// script
# requires-python = ">=3.10,<3.11"
# dependencies = ["msgspec==0.6.0", "werkzeug==2.1.2", "annotated-types==0.7.0", "uvicorn==0.34.0", "wsproto==1.2.0"]
# ///
"""Weir adapter for the public server of Swill, from the checkout that SWILL_TREE names. See docs/adapters.md.

msgspec and Werkzeug are those that the server asks for, which no Python after 3.10 has.
It does what an application would do: handlers and hooks by the server's API, served by uvicorn.
"""

import logging
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "kits" / "python"))
sys.path.insert(0, str(Path(os.environ["SWILL_TREE"]) / "server"))

import swill
from server import serve
from weir_kit import Adapter, run

logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
run(
    Adapter(
        name="swill-python",
        version=swill.__version__,
        protocol="swill",
        bindings=["msgpack"],
        features=["hooks", "after-accept", "introspection-off", "handler-events", "odd-handlers"],
        # Requests of all connections of a process are in one table: runs side by side would meet there.
        concurrency=1,
        serve=serve,
    )
)
