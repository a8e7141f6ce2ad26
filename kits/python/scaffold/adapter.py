# /// script
# requires-python = ">=3.12"
# dependencies = []
# ///
"""The adapter of __NAME__: Weir drives your library through it and hears what the library's API shows.

It never makes up for the library: no retries, no repairs, nothing kept back. What is left for you to write is marked
"yours" (the library goes into `dependencies` above); the rest is the conversation with Weir.
"""

from weir_kit import Refusal, run


def missing(what):
    """Tells Weir's report what is not written yet."""
    return Refusal(f"adapter.py is yours to write: {what}")


# <client>
class Client:
    def __init__(self, instance, params):
        # yours: make the client for params["url"], with params["timers"] in ms and what params["options"] asks for.
        # Do not wait for its connection.
        # <broker>
        # A broker is at that address; all names there begin with params["space"].
        # </broker>
        self.instance = instance
        self.params = params

    async def invoke(self, call):
        """Starts a call and goes on at once. Kinds of calls: __KINDS__."""
        # yours: start it, and tell what comes back: call.message(value), call.error(code, message), and call.end()
        # once, as the last. Then return an object with what can be done to it: send(value, metadata),
        # finish(metadata, error), cancel().
        raise missing(f"start a call of kind {call.kind} to {call.procedure} with a client for {self.params['url']}")

    async def dial(self):
        # yours: connect now, without a call; nothing is to be done where the library dials with its calls.
        pass

    async def close(self):
        # yours: close the client for good.
        self.instance.log("closed, of which the library knows nothing yet")


# </client>
# <server>
class Server:
    """A server with the services that cases/__PROTOCOL__/services.yaml of the package describes."""

    def __init__(self, instance, params):
        self.instance = instance
        self.params = params
        self.url = None

    async def start(self):
        # <listen>
        # yours: start it on a free port of the loopback, and set self.url; tell with self.instance.handler(…) what
        # handlers see, if that can be told.
        # </listen>
        # <broker>
        # yours: start it at the broker that is at params["url"], all its names beginning with params["space"]; tell with
        # self.instance.handler(…) what handlers see, if that can be told.
        # </broker>
        raise missing(f"start a server for the binding {self.params['binding']}")

    async def stop(self, how):
        # yours: stop it, its connections and its sessions with it.
        raise missing("stop a server")


# </server>
class Adapter:
    info = {
        "control": 1,
        "name": "__NAME__",
        # yours: the version that is really loaded.
        "version": "0.0.0",
        "language": "Python",
        "protocol": "__PROTOCOL__",
        "roles": ["__ROLES__"],
        "bindings": ["__BINDINGS__"],
        # yours: what it can do beyond the basics; each opens more cases (docs/adapters.md, “Words of the protocols”): __FEATURES__.
        "features": [],
        "concurrency": 8,
    }

    # <client>
    def connect(self, instance, params):
        return Client(instance, params)

    # </client>
    # <server>
    async def serve(self, instance, params):
        server = Server(instance, params)
        await server.start()
        return server

    # </server>


run(Adapter())
