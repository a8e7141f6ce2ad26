"""Procedures whose requests have rules beyond their types."""

from typing import Annotated

from annotated_types import Ge, Gt, Le, Lt
from swill import Request, ValidatedStruct, validator


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


def register(handle):
    @handle("checked")
    async def _(request: Request[Checked]) -> int:
        return request.data.n

    @handle("bounds")
    async def _(request: Request[Bounds]) -> int:
        return 1

    @handle("items")
    async def _(request: Request[Items]) -> int:
        return 1
