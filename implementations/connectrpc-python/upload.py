"""What is written one after the other, and read as a stream."""

import asyncio

END = object()


class Upload:
    """The request side of a call: an application's queue, read by the library."""

    def __init__(self):
        self.queue = asyncio.Queue()

    def push(self, value):
        self.queue.put_nowait(value)

    def close(self):
        self.queue.put_nowait(END)

    async def read(self):
        while (value := await self.queue.get()) is not END:
            yield value
