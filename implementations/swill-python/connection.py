"""Procedures about the connection that they are asked over, and one whose name is reserved."""

from typing import Optional

from swill import Request, current_connection


def register(handle):
    @handle("whoami")
    async def _(request: Request[None]) -> str:
        return current_connection.get().id

    @handle("http_info")
    async def _(request: Request[None]) -> dict[str, Optional[str]]:
        headers = current_connection.get().request_headers
        return {"cookie": headers.get("cookie"), "x-test": headers.get("x-test")}

    @handle("swill.hidden")
    async def _(request: Request[None]) -> None:
        return None
