"""Procedures that fail, each in its way."""

from typing import Any

from swill import CloseConnection, Error, Request, StreamingResponse


class DerivedError(Error):
    pass


def register(handle):
    @handle("bad_return")
    async def _(request: Request[int]) -> int:
        return "text"

    @handle("generates")
    async def _(request: Request[int]) -> int:
        yield request.data

    @handle("fail")
    async def _(request: Request[int]) -> None:
        raise Error(code=request.data, message="custom")

    @handle("fail_sub")
    async def _(request: Request[int]) -> None:
        raise DerivedError(code=request.data, message="custom")

    @handle("fail_data")
    async def _(request: Request[Any]) -> None:
        raise Error(code=409, message="custom")

    @handle("boom")
    async def _(request: Request[int]) -> None:
        raise RuntimeError("secret")

    @handle("error_mid")
    async def _(request: Request[int]) -> StreamingResponse[int]:
        yield request.data
        raise Error(code=409, message="custom")

    @handle("close_me")
    async def _(request: Request[int]) -> None:
        raise CloseConnection(code=4000, reason="bye")
