"""Data and metadata as cases write and read them, and as bytes."""

from typing import NamedTuple


class Item(NamedTuple):
    """Bytes of a payload. Metadata that is None is none."""

    data: bytes = b""
    metadata: bytes | None = None


def bytes_of(value):
    """The bytes that a case writes as text or bytes."""
    return b"" if value is None else value.encode() if isinstance(value, str) else bytes(value)


def optional_bytes(value):
    """The same of what may be left out."""
    return None if value is None else bytes_of(value)


def read_value(data):
    """Bytes as a case reads them: text where they are UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def read_optional(data):
    """The same of what there may be none of."""
    return None if data is None else read_value(data)


def text_of(data):
    """Text that a service is told, whatever the bytes."""
    return data.decode(errors="replace")


def text_item(text, metadata=None):
    """The item that text makes."""
    return Item(str(text).encode(), optional_bytes(metadata))
