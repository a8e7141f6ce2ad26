"""What the adapters for Connect's libraries in Python answer to `initialize`, and how they make clients and servers."""

from importlib.metadata import version

BINDINGS = ("proto", "json", "proto-gzip", "json-gzip")
FEATURES = ("size-limit", "get", "bidi", "error-details", "brotli")


class Adapter:
    """`package` is the library's name on PyPI; `connect` and `serve` are what `weir_kit.run` asks for, `serve` where there is a server."""

    def __init__(self, name, package, connect, serve=None, bindings=BINDINGS, features=FEATURES):
        self.connect = connect
        self.serve = serve
        self.info = {
            "control": 1,
            "name": name,
            "version": version(package),
            "language": "Python",
            "protocol": "connect",
            "roles": ["client"] if serve is None else ["client", "server"],
            "bindings": list(bindings),
            "features": list(features),
            "concurrency": 8,
        }
