"""What a handler sends, as a publisher of the library's kind: items wait for credit, the end waits for them."""

from reactivestreams.publisher import Publisher
from reactivestreams.subscription import Subscription


class Flow(Publisher, Subscription):
    """One direction of a stream. `done` is told once nothing more will be sent, `cancelled` that nobody wants it."""

    def __init__(self, done=lambda: None, cancelled=lambda: None):
        self.done = done
        self.cancelled = cancelled
        self.subscriber = None
        self.waiting = []
        self.wanted = 0
        self.asked = False
        self.completing = False
        self.failure = None
        self.over = False
        self.pumping = False

    # Of the library.

    def subscribe(self, subscriber):
        self.subscriber = subscriber
        subscriber.on_subscribe(self)
        self.pump()

    def request(self, n):
        self.asked = True
        self.wanted += n
        self.pump()

    def cancel(self):
        self.over = True
        self.cancelled()

    # Of the application.

    def item(self, payload):
        self.waiting.append(payload)
        self.pump()

    def complete(self):
        self.completing = True
        self.pump()

    def fail(self, exception):
        self.failure = exception
        self.pump()

    def pump(self):
        # What is said may bring more credit before it returns.
        if self.pumping or self.subscriber is None:
            return
        self.pumping = True
        while not self.over:
            if self.waiting and self.wanted > 0:
                self.wanted -= 1
                payload = self.waiting.pop(0)
                if self.completing and not self.waiting:
                    self.end(lambda: self.subscriber.on_next(payload, is_complete=True))
                else:
                    self.subscriber.on_next(payload)
            elif self.failure is not None and self.asked:
                # What waits for credit is lost; an error waits for none.
                self.end(lambda: self.subscriber.on_error(self.failure))
            elif self.completing and not self.waiting:
                self.end(self.subscriber.on_complete)
            else:
                break
        self.pumping = False

    def end(self, say):
        self.over = True
        say()
        self.done()


def with_end(payloads):
    """Pairs of a payload and whether it is the last, as the library's generators give them."""
    items = iter(payloads)
    held = next(items, None)
    for following in items:
        yield held, False
        held = following
    if held is not None:
        yield held, True
