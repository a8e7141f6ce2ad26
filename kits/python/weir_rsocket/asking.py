"""A call of RSocket as its requester sees it: what is told of it, and when it is over."""

from types import SimpleNamespace

from .items import Item, bytes_of, optional_bytes, read_optional, read_value
from .outlet import Outlet


class Asking:
    """One call. A channel is over when both its directions are.

    `asked` is what the library can do to it: cancel(), request(n), and for a channel next(item, last), complete(), error(code, text).
    """

    def __init__(self, call, asked):
        self.call = call
        self.asked = asked
        self.outlet = Outlet(0, self) if call.kind == "request-channel" else None
        self.in_open = True
        self.out_open = self.outlet is not None
        self.told = False
        self.wanted = True

    # What the library tells.

    def item(self, item, last=False):
        # It was on its way when the application gave the call up, as reactive streams allow; what comes behind an end is told.
        if not self.wanted:
            return
        self.call.message(read_value(item.data), read_optional(item.metadata))
        if last:
            self.completed()

    def completed(self):
        self.in_open = False
        self.settle()

    def failed(self, code, text):
        if not self.told:
            self.stop()
            self.call.error(code, text)
            self.end()

    def granted(self, n):
        """The responder takes so many more items."""
        self.outlet.grant(n)

    def unwanted(self):
        """The responder wants no more items."""
        self.stop()
        self.out_open = False
        self.settle()

    # What the application does. What it ends is over at once.

    def running(self):
        """What can be done to the call, for the conversation."""
        can = {"request-response": ("cancel",), "request-stream": ("cancel", "credit")}
        channel = ("cancel", "credit", "send", "finish")
        names = can.get(self.call.kind, channel if self.outlet else ())
        return SimpleNamespace(**{name: getattr(self, name) for name in names})

    def cancel(self):
        self.abandoned()
        self.asked.cancel()

    def credit(self, n):
        self.asked.request(n)

    def send(self, value, metadata):
        self.outlet.item(Item(bytes_of(value), optional_bytes(metadata)))

    def finish(self, _metadata, error):
        if error is None:
            self.outlet.complete()
        else:
            self.abandoned()
            self.asked.error(error["code"], error["message"])

    # Of its outlet.

    def next(self, item, last):
        self.asked.next(item, last)
        if last:
            self.unwanted()

    def complete(self):
        self.asked.complete()
        self.unwanted()

    def abandoned(self):
        """The application wants nothing of it any more."""
        self.wanted = False
        self.stop()
        if not self.told:
            self.end()

    def stop(self):
        if self.outlet is not None:
            self.outlet.stop()

    def settle(self):
        if not (self.told or self.in_open or self.out_open):
            self.end()

    def end(self):
        self.told = True
        self.call.end()
