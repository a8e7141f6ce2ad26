"""What cases attach to the stages of connections and requests (cases/swill/services.yaml)."""

import msgspec
from swill import CloseConnection, Error
from swill._protocol import EncapsulatedRequest
from swill._request import BaseRequest
from told import plain


def read(value):
    """A value as a case reads it; of a frame its data, which the server has not looked at."""
    return msgspec.msgpack.decode(value.data) if isinstance(value, EncapsulatedRequest) else plain(value)


def subject(stage, given):
    """Which request a stage is about, and the value. before_trailing_metadata of a stream is given the application and no request."""
    told = {}
    if isinstance(given[0], BaseRequest):
        told = {"rpc": given[0].reference.rpc, "seq": given[0].seq}
    if len(given) == 2 and stage != "before_request":
        told["value"] = read(given[1])
    return told


def attach(app, hooks, instance, clock):
    for stage, actions in hooks.items():
        for action in actions:
            try:
                app.add_lifecycle_handler(stage, made(stage, action, instance, clock))
            except ValueError:
                instance.status("hook-refused", stage)
                break


def made(stage, action, instance, clock):
    async def hook(*given):
        told = subject(stage, given)
        waits = "wait" in action and (not action.get("even-only") or even(told.get("value")))
        if action != "tell" and waits:
            await clock.wait(action["wait"])
        instance.telling(stage)("started", told)
        if action == "tell":
            return
        if "fail" in action:
            raise Error(code=action["fail"], message=action.get("message", "refused"))
        if "refuse" in action:
            raise CloseConnection(code=action["refuse"], reason="refused")
        if "close" in action:
            raise CloseConnection(code=action["close"], reason=action.get("reason", ""))
        if "header" in action:
            name, text = action["header"]
            given[0].response_headers[name] = text

    return hook


def even(value):
    return type(value) is int and value % 2 == 0
