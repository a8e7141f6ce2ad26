"""Procedures with one answer: what each gives for what it takes."""

from typing import Any, Optional

from msgspec import Struct
from swill import Request


class Pair(Struct):
    a: int
    b: Optional[str] = None


def register(handle, wait):
    @handle("sum")
    async def _(request: Request[list[int]]) -> int:
        return sum(request.data)

    @handle("add")
    async def _(request: Request[tuple[int, int]]) -> int:
        return request.data[0] + request.data[1]

    @handle("sleep")
    async def _(request: Request[float]) -> str:
        await wait(request.data * 1000)
        return f"slept {request.data:g}"

    @handle("nothing")
    async def _(request: Request[None]) -> None:
        return None

    @handle("untyped")
    async def _(request):
        return request.data

    # No answer of a handler that declares Any is taken for one.
    @handle("anything")
    async def _(request: Request[Any]):
        return request.data

    @handle("pkg.named")
    async def _(request: Request[Pair]) -> list[Pair]:
        return [request.data]

    @handle("echo_blob")
    async def _(request: Request[bytes]) -> bytes:
        return request.data
