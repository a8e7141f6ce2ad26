"""Each client in a process of its own, forked from this one, which only passes lines on: for libraries that can hold their event loop up for good.

In one process with others such a client would take them with it, and nothing could be told of its own either. Here it is simply dead: it
reads and writes nothing more, which is what the judges see, and what the application is asked to do meanwhile waits in the queue.
"""

import asyncio

from weir_kit import converse

from .parent import Parent

__all__ = ["run"]


def run(adapter):
    """An adapter's main, in place of `weir_kit.run`."""
    Parent(adapter.info, lambda out: asyncio.run(converse(adapter, out))).run()
