"""What an adapter tells of an instance (a client or a server) and of its calls."""

from .values import to_tagged


def error_result(code, message, extras=None, metadata=None):
    """An error as an item of a call."""
    error = {"code": code if type(code) is int else str(code), "message": str(message)}
    if extras is not None:
        error["extras"] = to_tagged(extras)
    if metadata is not None:
        error["metadata"] = to_tagged(metadata)
    return {"ok": False, "error": error}


def _given(**optional):
    return {name: to_tagged(value) for name, value in optional.items() if value is not None}


class Instance:
    """A client or a server under its handle."""

    def __init__(self, handle, notify):
        self.handle = handle
        self._notify = notify
        self._runs = {}

    def status(self, status, detail=None):
        self._notify("status", instance=self.handle, status=status, **_given(detail=detail))

    def handler(self, procedure, run, event, value=None, metadata=None, service=None, has_value=False):
        """What a handler saw. `run` tells runs of the same handler apart.

        A `value` of None is null where `has_value`; else there is none.
        """
        told = _given(service=service, value=value, metadata=metadata)
        if has_value:
            told["value"] = to_tagged(value)
        self._notify("handler", instance=self.handle, procedure=procedure, run=str(run), event=event, **told)

    def telling(self, procedure, service=None):
        """Counts one more run of a procedure; gives what tells of it from then on: `handler` without the first two."""
        run = self._runs[procedure, service] = self._runs.get((procedure, service), 0) + 1

        def tell(event, value=None, metadata=None, has_value=False):
            self.handler(procedure, run, event, value, metadata, service, has_value)

        return tell

    def log(self, message):
        self._notify("log", message=message)


class Call:
    """A call as it was asked for, and what is told of it. Values are Python's; what was not given is None.

    A `value` of None is null where `has_value`; else the call opens without one.
    """

    def __init__(self, params, value, metadata, notify):
        self.name = params["call"]
        self.kind = params["kind"]
        self.service = params.get("service")
        self.procedure = params.get("procedure")
        self.value = value
        self.has_value = "value" in params or "init" in params
        self.metadata = metadata
        self.credit = params.get("credit")
        # On which of the connections that a server accepted; None is the newest.
        self.to = params.get("to")
        self._notify = notify

    def start(self, metadata=None):
        """The answer began, apart from its first value."""
        self._notify("start", call=self.name, **_given(metadata=metadata))

    def message(self, value, metadata=None):
        """An item; a value of None is null."""
        self._notify("message", call=self.name, result={"ok": True, "value": to_tagged(value), **_given(metadata=metadata)})

    def error(self, code, message, extras=None, metadata=None):
        self._notify("message", call=self.name, result=error_result(code, message, extras, metadata))

    def end(self, metadata=None):
        """Nothing more will be read."""
        self._notify("end", call=self.name, **_given(metadata=metadata))
