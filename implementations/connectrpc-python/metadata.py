"""Metadata: what an application gives as headers, and what it finds in them."""

import base64
import re

# Fields that are HTTP's or Connect's own.
RESERVED = re.compile(
    r"accept|accept-encoding|accept-post|allow|connect-.*|connection|content-(encoding|length|type)|date|host|keep-alive|server|te"
    r"|trailer|transfer-encoding|upgrade|user-agent|vary"
)


def fields_of(metadata):
    """Pairs of a name and a text. The libraries leave the coding of bytes to who calls."""
    return [
        (name, value if isinstance(value, str) else base64.b64encode(value).decode().rstrip("="))
        for name, values in (metadata or {}).items()
        for value in values
    ]


def metadata_of(fields):
    """What an application finds in pairs of a name and a text, in the order of their values."""
    metadata = {}
    for field, value in fields:
        name = field.lower()
        if not RESERVED.fullmatch(name):
            metadata.setdefault(name, []).append(bytes_of(value) if name.endswith("-bin") else value)
    return metadata


def bytes_of(text):
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return text


def unpadded(data):
    return base64.b64encode(data).decode().rstrip("=")
