"""Calls of a client that are under way, whichever library makes them."""

import asyncio

from upload import Upload


class Running:
    """A call with its request side; `message` makes a request from a value. A library plays it in `work`."""

    def __init__(self, call, message):
        self.call = call
        self.upload = Upload()
        self.send = lambda value, _metadata: self.upload.push(message(value))
        self.finish = lambda _metadata, _error: self.upload.close()
        if call.value is not None and call.kind in ("client-stream", "bidi-stream"):
            self.send(call.value, None)


class Calls:
    """Those of one client, each a task."""

    def __init__(self):
        self.tasks = set()

    def begin(self, running):
        # Begun at once, so that it can be given up by the library and not before it.
        task = asyncio.Task(running.work(), loop=asyncio.get_running_loop(), eager_start=True)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        running.cancel = task.cancel
        return running

    def cancel(self):
        for task in list(self.tasks):
            task.cancel()
