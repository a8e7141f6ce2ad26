"""What the standard services do (cases/rsocket/services.yaml), each with a run of its handler.

A run has `first` and `text` of the request, `out` and `items(…)` to send with, `state` of the instance, `peer` who calls, and for
channels `request(n)` and `stop_input()`. A service gives what it does with what comes later, if anything.
"""

import re
from dataclasses import dataclass
from typing import Any

from .codes import told_error
from .items import Item, text_item, text_of

MAX = 2**31 - 1
PAUSE_MS = 50


def nothing(*_):
    pass


@dataclass
class Reactions:
    """What a handler does at an item, at the end of its input, and where somebody ended its call."""

    item: Any = nothing
    input_complete: Any = nothing
    ended: Any = nothing


def number_in(text):
    """The decimal number that is the first word of a text, or 0."""
    match = re.match(r"-?[0-9]{1,15}(?= |\Z)", text)
    return int(match[0]) if match else 0


def numbered(text, make=text_item):
    return (make(i) for i in range(1, number_in(text) + 1))


def blocks(text):
    count, _, size = text.partition(" ")
    return numbered(count, lambda i: Item(str(i % 10).encode() * number_in(size)))


def slow(run):
    return Reactions(ended=run.after(number_in(run.text), lambda: run.out.item(run.first)))


def count(run):
    run.state.counter += number_in(run.text)
    run.out.item(text_item(run.state.counter))


def log(run):
    run.state.log.append(run.text)


def log_raise(run):
    log(run)
    raise RuntimeError("the handler failed")


def raised(run):
    raise RuntimeError(run.text)


def twice(run):
    run.out.item(text_item("first"))
    run.out.item(text_item("second"))


def call_back(run):
    def answered(item, error):
        if error is not None:
            run.out.fail("APPLICATION_ERROR", f"{error[0]} {error[1]}")
        elif item is None:
            run.out.complete()
        else:
            run.out.item(item)

    return Reactions(ended=run.peer.echo(run.first, answered).cancel)


def push_back(run):
    run.peer.push(run.first.data)
    run.out.item(Item())


def ticks_slow(run):
    left = list(numbered(run.text))
    reactions = Reactions()

    def tick():
        if left:
            run.out.item(left.pop(0))
            reactions.ended = run.after(PAUSE_MS, tick)
        else:
            run.out.complete()

    tick()
    return reactions


def ticks_open(run, text=None):
    for item in numbered(run.text if text is None else text):
        run.out.item(item)


def ticks_error(run):
    items, _, told = run.text.partition(" ")
    ticks_open(run, items)
    run.out.fail(*told_error(told))


def echo(n, more):
    def service(run):
        def again(item):
            run.out.item(item)
            if more:
                run.request(more)

        run.request(n)
        run.out.item(run.first)
        return Reactions(item=again, input_complete=run.out.complete)

    return service


def channel_sum(run):
    numbers = [number_in(run.text)]
    run.request(MAX)
    return Reactions(
        item=lambda item: numbers.append(number_in(text_of(item.data))),
        input_complete=lambda: run.out.items([text_item(sum(numbers))]),
    )


def channel_first(run):
    run.request(MAX)
    run.out.items([run.first])


def channel_stop(run):
    run.out.item(run.first)
    run.stop_input()
    run.out.complete()


def channel_error(run):
    run.request(MAX)
    run.out.item(run.first)
    return Reactions(item=lambda item: run.out.fail(*told_error(text_of(item.data))))


SERVICES = {
    "echo": lambda run: run.out.item(run.first),
    "empty": lambda run: run.out.item(Item()),
    "nothing": lambda run: run.out.complete(),
    "error": lambda run: run.out.fail(*told_error(run.text)),
    "raise": raised,
    "never": nothing,
    "twice": twice,
    "slow": slow,
    "count": count,
    "logged": lambda run: run.out.item(text_item(",".join(run.state.log))),
    "call-back": call_back,
    "push-back": push_back,
    "log": log,
    "log-raise": log_raise,
    "ticks": lambda run: run.items(numbered(run.text)),
    "ticks-slow": ticks_slow,
    "ticks-metadata": lambda run: run.items(numbered(run.text, lambda i: text_item(i, f"m{i}"))),
    "ticks-blocks": lambda run: run.items(blocks(run.text)),
    "ticks-error": ticks_error,
    "ticks-open": ticks_open,
    "channel-echo": echo(MAX, 0),
    "channel-one-by-one": echo(1, 1),
    "channel-sum": channel_sum,
    "channel-first": channel_first,
    "channel-stop": channel_stop,
    "channel-error": channel_error,
    "channel-withhold": nothing,
}
