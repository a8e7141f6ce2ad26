"""Procedures that read metadata, and that send it before, with or behind their answers."""

from typing import Any

from swill import Request, StreamingResponse
from swill._response import Response


def register(handle):
    @handle("meta_echo")
    async def _(request: Request[int]) -> dict[str, Any]:
        return request.metadata

    @handle("meta_both")
    async def _(request: Request[int], response: Response) -> int:
        await response.set_leading_metadata({"lead": 1}, send_immediately=False)
        response.set_trailing_metadata({"trail": 2})
        return request.data

    @handle("lead_single")
    async def _(request: Request[int], response: Response) -> int:
        await response.set_leading_metadata({"lead": 1})
        return request.data

    @handle("lead_now")
    async def _(request: Request[int], response: Response) -> StreamingResponse[int]:
        await response.set_leading_metadata({"lead": 1})
        yield request.data

    @handle("lead_with")
    async def _(request: Request[int], response: Response) -> StreamingResponse[int]:
        await response.set_leading_metadata({"lead": 1}, send_immediately=False)
        yield request.data
        yield request.data + 1
        response.set_trailing_metadata({"trail": 2})

    @handle("lead_empty")
    async def _(request: Request[int], response: Response) -> StreamingResponse[int]:
        await response.set_leading_metadata({"lead": 1}, send_immediately=False)
        for item in ():
            yield item

    @handle("lead_late")
    async def _(request: Request[int], response: Response) -> StreamingResponse[int]:
        yield request.data
        await response.set_leading_metadata({"lead": 1}, send_immediately=False)

    @handle("lead_twice")
    async def _(request: Request[int], response: Response) -> StreamingResponse[int]:
        await response.set_leading_metadata({"lead": 1})
        await response.set_leading_metadata({"lead": 2})
        yield request.data
