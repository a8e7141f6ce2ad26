"""The standard test services of Swill (cases/swill/services.yaml), as handlers of the server."""

import connection
import failures
import metadata
import streams
import validated
import values
from told import Told


def register(app, instance, clock, hosted=None):
    """Gives the application the handlers of these names, or all; each tells what it sees."""

    def handle(name):
        if hosted is not None and name not in hosted:
            return lambda handler: handler
        return lambda handler: app.add_handler(Told(instance, name).wrap(handler), name)

    values.register(handle, clock.wait)
    streams.register(handle, clock.wait)
    failures.register(handle)
    validated.register(handle)
    metadata.register(handle)
    connection.register(handle)
