"""Codes of errors, by name as cases say them and by number as frames bear them."""

import re

CODES = {
    "INVALID_SETUP": 0x001,
    "UNSUPPORTED_SETUP": 0x002,
    "REJECTED_SETUP": 0x003,
    "REJECTED_RESUME": 0x004,
    "CONNECTION_ERROR": 0x101,
    "CONNECTION_CLOSE": 0x102,
    "APPLICATION_ERROR": 0x201,
    "REJECTED": 0x202,
    "CANCELED": 0x203,
    "INVALID": 0x204,
}
NAMES = {number: name for name, number in CODES.items()}


def code_name(number):
    """The name of a code; `0x00000301` where it has none."""
    return NAMES.get(number, f"0x{number:08x}")


def code_number(code):
    """The number that a name or `0x…` stands for; a number is itself."""
    if isinstance(code, str):
        return CODES.get(code) or int(code, 16)
    return int(code)


def told_error(told):
    """Code and text of an error as services are told it: a code and a text, or a text."""
    word, _, rest = told.partition(" ")
    if word in CODES or re.fullmatch("0x[0-9a-fA-F]{1,8}", word):
        return word, rest
    return "APPLICATION_ERROR", told
