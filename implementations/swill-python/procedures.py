"""The standard test services of Swill (cases/swill/services.yaml), as handlers of the server."""

import asyncio
from typing import Annotated, Any, Optional

from annotated_types import Ge, Gt, Le, Lt
from msgspec import Struct
from swill import CloseConnection, Error, Request, StreamingRequest, StreamingResponse, ValidatedStruct, current_connection, validator
from swill._response import Response
from told import Told

BLOCK = 64 * 1024


class Pair(Struct):
    a: int
    b: Optional[str] = None


class Checked(ValidatedStruct):
    n: Annotated[int, Gt(5)]
    m: Annotated[int, Ge(5)] = 5

    @validator("n")
    def forbids_13(self, n):
        if n == 13:
            raise ValueError("thirteen is not allowed")


class Bounds(ValidatedStruct):
    gt: Annotated[int, Gt(5)] = 6
    ge: Annotated[int, Ge(5)] = 5
    lt: Annotated[int, Lt(5)] = 4
    le: Annotated[int, Le(5)] = 5


class Items(ValidatedStruct):
    xs: list[Annotated[int, Le(5)]] = []
    by: dict[str, Annotated[int, Le(5)]] = {}


class DerivedError(Error):
    pass


def register(app, instance, runs, scale, hosted=None):
    """Gives the application the handlers of these names, or all; each tells what it sees."""

    def handle(name):
        if hosted is not None and name not in hosted:
            return lambda handler: handler
        return lambda handler: app.add_handler(Told(instance, runs, name).wrap(handler), name)

    def wait(ms):
        return asyncio.sleep(ms * scale / 1000)

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

    @handle("bad_return")
    async def _(request: Request[int]) -> int:
        return "text"

    @handle("generates")
    async def _(request: Request[int]) -> int:
        yield request.data

    @handle("pkg.named")
    async def _(request: Request[Pair]) -> list[Pair]:
        return [request.data]

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

    @handle("echo_blob")
    async def _(request: Request[bytes]) -> bytes:
        return request.data

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

    @handle("checked")
    async def _(request: Request[Checked]) -> int:
        return request.data.n

    @handle("bounds")
    async def _(request: Request[Bounds]) -> int:
        return 1

    @handle("items")
    async def _(request: Request[Items]) -> int:
        return 1

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
