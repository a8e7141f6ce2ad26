"""Messages as lines, and a stdout that nothing else is written to."""

import json
import os

from .values import parse_int


class BadLine(Exception):
    """A line that is no request. `code` and `number` are those of the JSON-RPC error that answers it."""

    def __init__(self, code, text, number=None):
        super().__init__(text)
        self.code = code
        self.number = number


def take_stdout():
    """A descriptor of stdout for messages alone; whatever else prints, prints to stderr from now on."""
    out = os.dup(1)
    os.dup2(2, 1)
    return out


def no_constant(text):
    """For `json.loads`, which would take NaN."""
    raise ValueError(text)


def read_request(line):
    """Number (None of a notification), method and params of a line of bytes. Raises BadLine."""
    try:
        message = json.loads(line.decode("utf-8"), parse_int=parse_int, parse_constant=no_constant)
    except (ValueError, RecursionError) as error:
        raise BadLine(-32700, "the line is no JSON in UTF-8") from error
    if not isinstance(message, dict) or not isinstance(message.get("method"), str):
        raise BadLine(-32600, "the line is no request: it has no method", message.get("id") if isinstance(message, dict) else None)
    params = message.get("params", {})
    if not isinstance(params, dict):
        raise BadLine(-32602, "params must be an object", message.get("id"))
    return message.get("id"), message["method"], params


def written(message):
    """The line of a message, in ASCII."""
    return json.dumps({"jsonrpc": "2.0", **message}, allow_nan=False).encode("ascii") + b"\n"


def put(out, data):
    """Writes all of it, however little the other end takes at a time."""
    while data:
        data = data[os.write(out, data) :]
