"""What the adapters for Connect's libraries in Python have in common of their kit's `Adapter`."""

from importlib.metadata import version

from weir_kit import Adapter

BINDINGS = ("proto", "json", "proto-gzip", "json-gzip")
FEATURES = ("size-limit", "get", "bidi", "error-details", "brotli")


def adapter(name, package, connect, serve=None, bindings=BINDINGS, features=FEATURES):
    """`package` is the library's name on PyPI; `connect` and `serve` are what `weir_kit.run` asks for, `serve` where there is a server."""
    return Adapter(name, version(package), "connect", bindings, features, connect=connect, serve=serve)
