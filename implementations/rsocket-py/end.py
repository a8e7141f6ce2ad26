"""One end of a connection."""

from forms import described, item_of, request_of


class End:
    """A connection, as handlers and calls know it."""

    def __init__(self, instance, opened=lambda _end: None):
        self.instance = instance
        self.opened = opened
        self.rsocket = None

    def accepted(self):
        self.opened(self)
        self.instance.status("connected")

    def closed(self):
        self.instance.status("disconnected")

    def refused(self, code):
        self.instance.status("refused", code)

    def echo(self, item, then):
        def answered(future):
            if future.cancelled():
                return
            failure = future.exception()
            then(*((item_of(future.result()), None) if failure is None else (None, described(failure))))

        future = self.rsocket.request_response(request_of("echo", item))
        future.add_done_callback(answered)
        return future

    def push(self, metadata):
        self.rsocket.metadata_push(metadata)
