"""What an adapter is made of."""


class Adapter:
    """A library as a conversation needs it: what `initialize` answers, and what makes clients and servers, as far as it has them.

    `connect` and `serve` are those of `Conversation`; there is no role without its own.
    """

    def __init__(self, name, version, protocol, bindings, features, concurrency=8, connect=None, serve=None):
        self.connect = connect
        self.serve = serve
        roles = {"client": connect, "server": serve}
        self.info = {
            "control": 1,
            "name": name,
            "version": version,
            "language": "Python",
            "protocol": protocol,
            "roles": [role for role, make in roles.items() if make is not None],
            "bindings": list(bindings),
            "features": list(features),
            "concurrency": concurrency,
        }
