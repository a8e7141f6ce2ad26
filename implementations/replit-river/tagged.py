"""Values as the control protocol tags them (docs/adapters.md, "Values"), and as Python has them."""

import base64
import math

MAX_SAFE = 2**53 - 1


def from_tagged(value):
    if isinstance(value, list):
        return [from_tagged(item) for item in value]
    if not isinstance(value, dict):
        return value
    match list(value.items()):
        case [("$bytes", text)]:
            return base64.b64decode(text)
        case [("$bigint", text)]:
            return int(text)
        case [("$number", text)]:
            return float(text)
        case [("$undefined", _)]:
            return None
    # Python has no undefined: such members are left out.
    return {k: from_tagged(v) for k, v in value.items() if v != {"$undefined": True}}


def to_tagged(value):
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
        case bytes():
            return {"$bytes": base64.b64encode(value).decode()}
        case list() | tuple():
            return [to_tagged(item) for item in value]
        case dict():
            return {str(k): to_tagged(v) for k, v in value.items()}
        case _:
            return {"$opaque": type(value).__name__}


def parse_int(text):
    # A plain number is a double in River; integers beyond that come as $bigint.
    number = int(text)
    return number if abs(number) <= MAX_SAFE else float(number)
