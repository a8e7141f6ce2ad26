"""The process of a client."""

import math
import time


class Child:
    """One client's process, seen from outside."""

    def __init__(self, pid, into, out):
        self.pid = pid
        self.into = into
        self.out = out
        self.rest = b""
        self.unsent = b""
        self.pending = {}
        self.stuck = False
        # Computes and does not come to its pings.
        self.busy = False
        self.ends_at = None

    def deadlines(self):
        return [at for _, at in self.pending.values()] + ([] if self.ends_at is None else [self.ends_at])

    def computed(self):
        """Seconds of processor that it has had; without such a clock nothing can be held against the machine."""
        try:
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return math.inf
