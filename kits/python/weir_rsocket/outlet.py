"""One direction of a call: items wait for credit, the end waits for them. Libraries leave that to the application."""

import asyncio
from collections import deque

# Items that go out in one go; a long stream lets others speak in between.
BURST = 256


class Outlet:
    """`mouth` is what the library does with what is sent: next(item, last), complete(), error(code, text)."""

    def __init__(self, credit, mouth):
        self.credit = credit
        self.mouth = mouth
        self.made = iter(())
        self.waiting = deque()
        self.completing = False
        self.done = False
        self.pumping = False

    def grant(self, n):
        self.credit += n
        self.pump()

    def item(self, item):
        self.waiting.append(item)
        self.pump()

    def items(self, items):
        """Items that need not be made before they can go, and the end behind them."""
        self.made = iter(items)
        self.complete()

    def complete(self):
        self.completing = True
        self.pump()

    def fail(self, code, text):
        """An error waits for nothing."""
        if not self.done:
            self.stop()
            self.mouth.error(code, text)

    def stop(self):
        """Forgets what waits."""
        self.done = True
        self.waiting.clear()

    def pump(self):
        # What is said may bring more credit before it returns.
        if self.pumping:
            return
        self.pumping = True
        left = BURST
        while not self.done:
            self.look_ahead()
            if not self.waiting:
                if not self.completing:
                    break
                self.done = True
                self.mouth.complete()
            elif self.credit <= 0:
                break
            elif left == 0:
                asyncio.get_running_loop().call_soon(self.pump)
                break
            else:
                item = self.waiting.popleft()
                self.credit -= 1
                left -= 1
                self.look_ahead()
                self.done = self.completing and not self.waiting
                self.mouth.next(item, self.done)
        self.pumping = False

    def look_ahead(self):
        """The last item is to be known as the last."""
        if not self.waiting:
            following = next(self.made, None)
            if following is not None:
                self.waiting.append(following)
