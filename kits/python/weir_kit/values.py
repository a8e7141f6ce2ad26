"""Values as the control protocol tags them (docs/adapters.md, "Values"), and as Python has them."""

import base64
import math

MAX_SAFE = 2**53 - 1


def from_tagged(value):
    """The value that a message holds. Raises ValueError where a tag holds no value of its kind."""
    if isinstance(value, list):
        return [from_tagged(item) for item in value]
    if not isinstance(value, dict):
        return value
    match list(value.items()):
        case [("$bytes", str(text))]:
            return base64.b64decode(text, validate=True)
        case [("$bigint", str(text))]:
            return int(text)
        case [("$number", str(text))]:
            return float(text)
        case [("$undefined", True)]:
            return None
        case [(("$bytes" | "$bigint" | "$number" | "$undefined") as tag, _)]:
            raise ValueError(f"a malformed {tag}")
    # Python has no undefined: such members are left out.
    return {k: from_tagged(v) for k, v in value.items() if v != {"$undefined": True}}


def to_tagged(value):
    """A value of the library as a message holds it. What JSON has no form for is told by the name of its class."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if abs(value) <= MAX_SAFE else {"$bigint": str(value)}
        case float():
            if math.isnan(value):
                return {"$number": "NaN"}
            if math.isinf(value):
                return {"$number": "Infinity" if value > 0 else "-Infinity"}
            return {"$number": "-0"} if value == 0 and math.copysign(1, value) < 0 else value
        case bytes() | bytearray():
            return {"$bytes": base64.b64encode(value).decode()}
        case list() | tuple():
            return [to_tagged(item) for item in value]
        case dict():
            return {str(k): to_tagged(v) for k, v in value.items()}
        case _:
            return {"$opaque": type(value).__name__}


def parse_int(text):
    """For `json.loads`: a plain number is a double; integers beyond that come as $bigint."""
    number = int(text)
    return number if abs(number) <= MAX_SAFE else float(number)
