"""The standard test services of clamator (cases/clamator/services.yaml)."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from clamator_protocol import Contract, MethodEntry, RpcError
from pydantic import BaseModel, ConfigDict, Field, create_model, field_validator


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


def model(**members):
    return create_model("Model", __base__=Strict, **{name: (kind, ...) for name, kind in members.items()})


class Choosy(Strict):
    n: int

    @field_validator("n")
    @classmethod
    def refuse(cls, n):
        if n == 1:
            raise ValueError("it may not be 1")
        return n


class Process(Strict):
    process_id: str = Field(alias="processId")


class Run(Strict):
    run_id: str = Field(alias="runId")


PAIR = model(a=float, b=float)
SUM = model(sum=float)
NUMBER = model(n=int)
VALUE = model(value=Any)
NONE = model()
# What each takes and gives; what gives nothing is a notification.
MODELS = {
    "calc": {
        **dict.fromkeys(["add", "deny", "denyWeird", "crash", "selfCancel", "badResult", "foreign", "nan", "missing"], (PAIR, SUM)),
        "slow": (model(ms=int, tag=str), model(tag=str)),
        "strictly": (Choosy, NUMBER),
        "echo": (VALUE, VALUE),
        "alias": (Process, Run),
        "count": (NONE, NUMBER),
        "rich": (NONE, model(at=datetime, d=Decimal)),
        "poke": (NONE, None),
        "pokeSlow": (model(ms=int), None),
    },
    "log": {"write": (model(msg=str), model(ok=bool))},
}


def contract(service):
    entries = {name: MethodEntry(takes, gives, name) for name, (takes, gives) in MODELS[service].items()}
    return Contract(service=service, methods=entries)


class Handlers:
    """Handlers of one server, which tells what they see. `wait` takes nominal ms."""

    counter = 0

    def __init__(self, service, tell, wait):
        self.wait = wait
        for name in MODELS[service]:
            handler = getattr(self, f"on_{name}", None)
            if handler is not None:
                setattr(self, name, told(f"{service}.{name}", handler, tell))

    async def on_add(self, p):
        return SUM(sum=p.a + p.b)

    async def on_deny(self, _):
        raise RpcError(-32010, "denied", {"why": "test"})

    async def on_denyWeird(self, _):
        raise RpcError(-32011, "denied weirdly", {"self": object()})

    async def on_crash(self, _):
        raise KeyError("crashed as asked")

    async def on_selfCancel(self, _):
        raise asyncio.CancelledError

    async def on_badResult(self, _):
        return {"total": 1}

    async def on_foreign(self, _):
        return object()

    async def on_nan(self, _):
        return SUM(sum=float("nan"))

    async def on_slow(self, p):
        await self.wait(p.ms)
        return {"tag": p.tag}

    async def on_strictly(self, p):
        return p

    on_echo = on_strictly

    async def on_alias(self, p):
        return Run(run_id=p.process_id)

    async def on_count(self, _):
        before = self.counter
        await self.wait(5)
        self.counter = before + 1
        return {"n": self.counter}

    async def on_rich(self, _):
        return {"at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "d": Decimal("1.50")}

    async def on_poke(self, _):
        pass

    async def on_pokeSlow(self, p):
        await self.wait(p.ms)

    async def on_write(self, _):
        return {"ok": True}


def told(procedure, handler, tell):
    async def run(p):
        end = tell(procedure, p.model_dump(by_alias=True))
        result = await handler(p)
        end()
        return result

    return run
