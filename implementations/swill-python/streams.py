"""Procedures with many requests, or many answers."""

import asyncio

from swill import Request, StreamingRequest, StreamingResponse
from swill._response import Response

BLOCK = 64 * 1024


def register(handle, wait):
    @handle("lines")
    async def _(request: Request[int]) -> StreamingResponse[str]:
        for i in range(request.data):
            yield f"l{i}"

    @handle("ticks")
    async def _(request: Request[float]) -> StreamingResponse[int]:
        n = 0
        while True:
            yield n
            n += 1
            await wait(request.data * 1000)

    @handle("stuck")
    async def _(request: Request[int]) -> StreamingResponse[int]:
        yield request.data
        await asyncio.get_running_loop().create_future()

    @handle("flood")
    async def _(request: Request[int]) -> StreamingResponse[bytes]:
        for i in range(request.data):
            yield bytes([i % 256]) * BLOCK

    @handle("total")
    async def _(request: StreamingRequest[int]) -> int:
        return sum([item async for item in request.data])

    @handle("hold")
    async def _(request: StreamingRequest[int]) -> list[int]:
        items = [item async for item in request.data]
        await wait(300)
        return items

    @handle("early")
    async def _(request: StreamingRequest[int]) -> int:
        async for item in request.data:
            return item
        return 0

    @handle("echo")
    async def _(request: StreamingRequest[int], response: Response) -> StreamingResponse[int]:
        response.set_trailing_metadata({"m": request.metadata})
        async for item in request.data:
            yield item
