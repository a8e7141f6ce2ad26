"""Calls as their requester sees them."""

from flow import Flow
from handler import request_metadata
from reactivestreams.subscriber import Subscriber
from rsocket.error_codes import ErrorCode
from rsocket.exceptions import RSocketProtocolError
from rsocket.payload import Payload
from services import MAX, bytes_of, code_name, error_of, optional_value, read_value
from weir_kit import Refusal


def optional_bytes(value):
    return None if value is None else bytes_of(value)


def request_of(call):
    own = optional_bytes(call.metadata)
    return Payload(bytes_of(call.value), own if call.procedure is None else request_metadata(call.procedure, own))


class Running(Subscriber):
    """A call as its requester sees it."""

    def __init__(self, call):
        self.call = call
        self.told = False
        self.input_open = True

    def message(self, payload):
        self.call.message(read_value(payload.data), optional_value(payload.metadata))

    def end(self):
        if not self.told:
            self.told = True
            self.call.end()

    def settle(self):
        if not self.input_open:
            self.end()

    def on_subscribe(self, subscription):
        self.subscription = subscription

    def on_next(self, value, is_complete=False):
        self.message(value)
        if is_complete:
            self.on_complete()

    def on_complete(self):
        self.input_open = False
        self.settle()

    def on_error(self, exception):
        if self.told:
            return
        match exception:
            case RSocketProtocolError(error_code=ErrorCode.CONNECTION_ERROR, data=""):
                self.call.error("CLOSED", "the connection is gone")
            case RSocketProtocolError():
                self.call.error(code_name(exception.error_code), exception.data)
            case RuntimeError():
                self.call.error("APPLICATION_ERROR", exception)
            case _:
                self.call.error(type(exception).__name__, exception)
        self.end()


class Response(Running):
    def __init__(self, call, rsocket):
        super().__init__(call)
        self.future = rsocket.request_response(request_of(call))
        self.future.add_done_callback(self.answered)

    def answered(self, future):
        if future.cancelled():
            self.end()
        elif future.exception() is not None:
            self.on_error(future.exception())
        else:
            self.message(future.result())
            self.end()

    def cancel(self):
        self.future.cancel()


class Streaming(Running):
    def __init__(self, call, rsocket):
        super().__init__(call)
        self.start(rsocket, call.credit or MAX)

    def start(self, rsocket, n):
        rsocket.request_stream(request_of(self.call)).initial_request_n(n).subscribe(self)

    def credit(self, n):
        self.subscription.request(n)

    def cancel(self):
        self.end()
        self.subscription.cancel()


class Channel(Streaming):
    def start(self, rsocket, n):
        self.flow = Flow(self.settle, self.settle)
        rsocket.request_channel(request_of(self.call), self.flow).initial_request_n(n).subscribe(self)

    def settle(self):
        if self.flow.over and not self.input_open:
            self.end()

    def send(self, value, metadata):
        self.flow.item(Payload(bytes_of(value), optional_bytes(metadata)))

    def finish(self, _metadata, error):
        if error is None:
            self.flow.complete()
        else:
            self.end()
            self.flow.fail(error_of(error["code"], error["message"]))


def start(call, rsocket):
    match call.kind:
        case "request-response":
            return Response(call, rsocket)
        case "request-stream":
            return Streaming(call, rsocket)
        case "request-channel":
            return Channel(call, rsocket)
        case "fire-and-forget":
            rsocket.fire_and_forget(request_of(call))
        case "metadata-push":
            rsocket.metadata_push(bytes_of(call.metadata))
        case kind:
            raise Refusal(f"there is no kind {kind}")
