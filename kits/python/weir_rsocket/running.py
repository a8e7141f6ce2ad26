"""Runs of handlers: what is told of each, and when it is over. Nothing is told after that."""

import asyncio
import math
import re
from typing import NamedTuple

from weir_kit import Clock

from .items import Item, read_optional, read_value, text_of
from .outlet import Outlet
from .services import SERVICES, Reactions


class Request(NamedTuple):
    """A request as the library hands it to its handler. The metadata of `first` is what stood beside the route."""

    route: str | None
    first: Item
    kind: str


class State:
    """What the services of one instance share."""

    def __init__(self):
        self.counter = 0
        self.log = []


class Services:
    """The services of one instance, whose state is fresh. `params` are those of `connect` or `serve`."""

    def __init__(self, instance, params):
        self.instance = instance
        self.clock = Clock(params)
        self.state = State()

    async def admit(self, data):
        """Decides about a SETUP; raises where it is refused."""
        text = text_of(data)
        while waiting := re.fullmatch(r"wait-(\d+)-(.*)", text, re.DOTALL):
            await self.clock.wait(int(waiting[1]))
            text = waiting[2]
        if text == "refuse":
            raise RuntimeError("refused")

    def pushed(self, metadata):
        """METADATA_PUSH."""
        self.instance.telling("metadata-push")("started", None, read_value(metadata))

    def check(self, request):
        """Raises where there is no such route."""
        if request.route not in SERVICES:
            raise RuntimeError("the request has no route" if request.route is None else f"there is no route {request.route}")
        return request

    def begin(self, request, credit, way, peer):
        """Runs a handler; what it raises is the library's to tell.

        `way` is what the library does for it: next(item, last), complete(), error(code, text), for a channel request(n) and
        stop_input(), and items(items, credit, sent) where the library has a publisher of its own for items that are made as they go.
        `peer` is who calls: echo(item, then) and push(bytes).
        """
        self.check(request)
        run = Run(self, request, credit, way, peer)
        run.begin()
        return run


class Run:
    """One run of a handler."""

    def __init__(self, services, request, credit, way, peer):
        self.services = services
        self.state = services.state
        self.request_of = request
        self.first = request.first
        self.text = text_of(request.first.data)
        self.way = way
        self.peer = peer
        self.answers_once = request.kind == "request-response"
        self.out = Outlet(math.inf if self.answers_once else credit, self)
        self.in_open = request.kind == "request-channel"
        self.out_open = request.kind != "fire-and-forget"
        self.told = False
        self.reactions = Reactions()
        self.tell = services.instance.telling(request.route)

    def begin(self):
        self.tell("started", read_value(self.first.data), read_optional(self.first.metadata))
        try:
            self.reactions = SERVICES[self.request_of.route](self) or self.reactions
        except BaseException:
            self.over()
            raise
        self.settle()

    # What the library tells.

    def credit(self, n):
        self.out.grant(n)

    def item(self, item):
        # It was on its way when the call ended.
        if self.told:
            return
        self.tell("request", read_value(item.data), read_optional(item.metadata))
        self.reactions.item(item)

    def input_complete(self):
        if self.told:
            return
        self.tell("requests-closed")
        self.in_open = False
        self.reactions.input_complete()
        self.settle()

    def ended(self, event, value=None):
        """Somebody ended the call: `cancelled`, `requests-failed` with its code, `disconnected`."""
        if self.in_open or self.out_open:
            self.tell(event, value)
            self.out.stop()
            self.reactions.ended()
            self.over()

    # What the service does beside.

    def items(self, items):
        """Sends items that are made as they go, and the end behind them."""
        publish = getattr(self.way, "items", None)
        if publish is None:
            self.out.items(items)
        else:
            publish(items, self.out.credit, self.sent)

    def request(self, n):
        self.way.request(n)

    def stop_input(self):
        self.in_open = False
        self.way.stop_input()
        self.settle()

    def after(self, ms, then):
        """Does something after so many nominal ms; gives what calls it off."""
        return asyncio.get_running_loop().call_later(self.services.clock.scaled(ms) / 1000, then).cancel

    # Of its outlet.

    def next(self, item, last):
        ends = last or self.answers_once
        self.way.next(item, ends)
        if ends:
            self.sent()

    def complete(self):
        self.way.complete()
        self.sent()

    def error(self, code, text):
        # Some libraries hand it back to the handler: nothing of that is news.
        self.in_open = self.out_open = False
        self.way.error(code, text)
        self.settle()

    def sent(self):
        self.out_open = False
        self.settle()

    def over(self):
        self.in_open = self.out_open = False
        self.settle()

    def settle(self):
        if not (self.in_open or self.out_open or self.told):
            self.told = True
            self.tell("finished")
