"""Payloads, requests and errors, between the kit's forms and the library's."""

from reactivestreams.publisher import Publisher
from reactivestreams.subscription import Subscription
from rsocket.error_codes import ErrorCode
from rsocket.exceptions import RSocketProtocolError
from rsocket.extensions.composite_metadata import CompositeMetadata
from rsocket.extensions.helpers import composite, metadata_item, route
from rsocket.extensions.mimetypes import WellKnownMimeTypes
from rsocket.extensions.routing import RoutingMetadata
from rsocket.payload import Payload
from weir_rsocket import Item, Request, code_name, code_number

OCTETS = WellKnownMimeTypes.APPLICATION_OCTET_STREAM
CODES = {code.value: code for code in ErrorCode}


def item_of(payload):
    """The library gives no bytes for no metadata."""
    return Item(bytes(payload.data or b""), bytes(payload.metadata) if payload.metadata else None)


def payload_of(item):
    return Payload(item.data, item.metadata)


def request_of(procedure, item):
    """A route, and beside it what the application says; without a route its metadata as they are."""
    if procedure is None:
        return payload_of(item)
    own = [] if item.metadata is None else [metadata_item(item.metadata, OCTETS)]
    return Payload(item.data, composite(route(procedure), *own))


def read_request(payload, kind):
    entries = [] if payload.metadata is None else CompositeMetadata().parse(bytes(payload.metadata)).items
    routes = [entry.tags[0].decode() for entry in entries if isinstance(entry, RoutingMetadata)]
    own = [entry.content for entry in entries if entry.encoding == OCTETS.value.name]
    return Request((routes or [None])[0], item_of(Payload(payload.data, (own or [None])[0])), kind)


def error_of(code, text):
    """The exception that an application raises for an ERROR of that code, a name or a number."""
    number = code_number(code)
    if number == ErrorCode.APPLICATION_ERROR.value:
        return RuntimeError(text)
    return RSocketProtocolError(CODES.get(number, number), data=text)


def described(exception):
    """Code and text with which an application is told of an exception."""
    match exception:
        case RSocketProtocolError(error_code=ErrorCode.CONNECTION_ERROR, data=""):
            return "CLOSED", "the connection is gone"
        case RSocketProtocolError():
            return code_name(exception.error_code), exception.data
        case RuntimeError():
            return "APPLICATION_ERROR", exception
        case _:
            return type(exception).__name__, exception


class Output(Publisher, Subscription):
    """What is sent on a stream, as a publisher of the library's kind."""

    def __init__(self, granted, unwanted):
        self.granted = granted
        self.unwanted = unwanted

    def subscribe(self, subscriber):
        self.subscriber = subscriber
        subscriber.on_subscribe(self)

    def request(self, n):
        self.granted(n)

    def cancel(self):
        self.unwanted()

    def next(self, item, last):
        self.subscriber.on_next(payload_of(item), is_complete=last)

    def complete(self):
        self.subscriber.on_complete()

    def error(self, code, text):
        self.subscriber.on_error(error_of(code, text))
