"""Calls as their requester makes them with the library."""

from forms import Output, described, item_of, request_of
from reactivestreams.subscriber import Subscriber
from weir_kit import Refusal
from weir_rsocket import Asking, Item, bytes_of, optional_bytes

MAX = 2**31 - 1


def request_in(call):
    return request_of(call.procedure, Item(bytes_of(call.value), optional_bytes(call.metadata)))


class Answer:
    """A request-response."""

    def __init__(self, call, rsocket):
        self.asking = Asking(call, self)
        self.future = rsocket.request_response(request_in(call))
        self.future.add_done_callback(self.answered)

    def answered(self, future):
        if future.cancelled():
            self.asking.abandoned()
        elif future.exception() is not None:
            self.asking.failed(*described(future.exception()))
        else:
            self.asking.item(item_of(future.result()), True)

    def cancel(self):
        self.future.cancel()


class Items(Subscriber):
    """A stream."""

    def __init__(self, call, rsocket):
        self.asking = Asking(call, self)
        self.begin(call, rsocket).initial_request_n(call.credit or MAX).subscribe(self)

    def begin(self, call, rsocket):
        return rsocket.request_stream(request_in(call))

    def request(self, n):
        self.subscription.request(n)

    def cancel(self):
        self.subscription.cancel()

    # Of the library.

    def on_subscribe(self, subscription):
        self.subscription = subscription

    def on_next(self, value, is_complete=False):
        self.asking.item(item_of(value), is_complete)

    def on_complete(self):
        self.asking.completed()

    def on_error(self, exception):
        self.asking.failed(*described(exception))


class Channel(Items):
    """A channel, whose items go out as the responder asks."""

    def begin(self, call, rsocket):
        output = Output(self.asking.granted, self.asking.unwanted)
        self.next, self.complete, self.error = output.next, output.complete, output.error
        return rsocket.request_channel(request_in(call), output)


KINDS = {"request-response": Answer, "request-stream": Items, "request-channel": Channel}


def start(call, rsocket):
    match call.kind:
        case "fire-and-forget":
            rsocket.fire_and_forget(request_in(call))
        case "metadata-push":
            rsocket.metadata_push(bytes_of(call.metadata))
        case kind if kind in KINDS:
            return KINDS[kind](call, rsocket).asking.running()
        case kind:
            raise Refusal(f"there is no kind {kind}")
