"""The conversation with the runner: an adapter holds its library, and this all that every adapter says alike."""

import asyncio
import inspect
import os
import sys

from .calls import Call, Instance
from .lines import BadLine, put, read_request, take_stdout, written
from .values import from_tagged

LONGEST_LINE = 32 * 1024 * 1024

# How a task begins at once. Before Python 3.12 it begins before the next line is read (`converse`).
EAGER = {"eager_start": True} if sys.version_info >= (3, 12) else {}


class Refusal(Exception):
    """Answers a request with an error in these words: the library cannot do what is asked."""


# What a request has to hold.
NEEDED = {
    "initialize": (),
    "ping": (),
    "shutdown": (),
    "connect": ("client", "url"),
    "disconnect": ("client",),
    "serve": ("server",),
    "stop": ("server",),
    "invoke": ("call", "kind"),
    "send": ("call",),
    "credit": ("call", "n"),
    "finish": ("call",),
    "cancel": ("call",),
}


class Conversation:
    """Carries out requests with an adapter.

    `adapter.info` is what `initialize` answers. `adapter.connect(instance, params)` gives a client and
    `adapter.serve(instance, params)` a server; values in params are Python's. Any of these methods may be a coroutine.
      client: invoke(call) -> running; close(); dial() if a connection can be asked for without a call
      server: url; stop(how); invoke(call) -> running, where servers call
      running: send(value, metadata), finish(metadata, error), cancel(), credit(n), as far as the library has them
    A client that was closed stays: what it makes of later calls is the library's affair.
    """

    def __init__(self, adapter, out):
        self.adapter = adapter
        self.out = out
        self.instances = {"client": {}, "server": {}}
        self.closed = set()
        self.running = {}
        self.background = set()

    def write(self, message):
        put(self.out, written(message))

    def notify(self, method, **params):
        self.write({"method": method, "params": params})

    def receive(self, line):
        """One line, without its end. What takes time is answered later, and holds up nothing else."""
        if not line.strip():
            return
        try:
            number, method, params = read_request(line)
        except BadLine as bad:
            self.refuse(bad.number, bad.code, str(bad), always=True)
            return
        needed = NEEDED.get(method)
        if needed is None:
            self.refuse(number, -32601, f"there is no method {method}")
            return
        lacking = [name for name in needed if name not in params]
        if lacking:
            self.refuse(number, -32602, f"{method} needs {' and '.join(lacking)}")
            return
        try:
            result = getattr(self, f"on_{method}")(params)
        except Exception as error:
            self.raised(number, error)
        else:
            if inspect.isawaitable(result):
                # Begun at once: the next line may be about what this one makes.
                self.spawn(self.answer_later(number, result))
            else:
                self.answer(number, result)

    def spawn(self, coroutine):
        """Goes on by itself, begun at once; what it raises is the library's, and goes to stderr."""
        task = asyncio.Task(coroutine, loop=asyncio.get_running_loop(), **EAGER)
        self.background.add(task)
        task.add_done_callback(self.background.discard)

    async def answer_later(self, number, awaitable):
        try:
            result = await awaitable
        except Exception as error:
            self.raised(number, error)
        else:
            self.answer(number, result)

    def answer(self, number, result):
        if number is not None:
            self.write({"id": number, "result": {} if result is None else result})

    def raised(self, number, error):
        text = str(error) if isinstance(error, Refusal) else f"{type(error).__name__}: {error}"
        self.refuse(number, -32000, text)

    def refuse(self, number, code, text, always=False):
        if number is not None or always:
            self.write({"id": number, "error": {"code": code, "message": text}})
        else:
            print(f"not carried out: {text}", file=sys.stderr)

    # Requests, each by its name.

    def on_initialize(self, _params):
        return self.adapter.info

    def on_ping(self, _params):
        return {}

    def on_shutdown(self, _params):
        asyncio.get_running_loop().call_soon(os._exit, 0)
        return {}

    async def on_connect(self, params):
        handle = params["client"]
        clients = self.instances["client"]
        if handle not in clients or handle in self.closed:
            self.closed.discard(handle)
            clients[handle] = await self.made("connect", "client", handle, params)
        if params.get("eager"):
            dial = getattr(clients[handle], "dial", None)
            if dial is None:
                raise Refusal("the library dials only with a call")
            started = dial()
            if inspect.isawaitable(started):
                self.spawn(_nothing_of(started))

    async def on_serve(self, params):
        server = await self.made("serve", "server", params["server"], params)
        self.instances["server"][params["server"]] = server
        # One that dials a broker listens nowhere.
        url = getattr(server, "url", None)
        return {} if url is None else {"url": url}

    async def made(self, method, role, handle, params):
        make = getattr(self.adapter, method, None)
        if make is None:
            raise Refusal(f"the library has no {role}")
        given = {**params, "binding": params.get("binding", params.get("codec"))}
        if "metadata" in params:
            given["metadata"] = [from_tagged(value) for value in params["metadata"]]
        given.setdefault("timers", {})
        given["options"] = from_tagged(params.get("options", {}))
        return await _settled(make(Instance(handle, self.notify), given))

    async def on_disconnect(self, params):
        client = self.instance("client", params["client"])
        self.closed.add(params["client"])
        await _settled(client.close())

    async def on_stop(self, params):
        server = self.instance("server", params["server"])
        del self.instances["server"][params["server"]]
        await _settled(server.stop(params.get("how")))

    async def on_invoke(self, params):
        instance = self.caller(params)
        if getattr(instance, "invoke", None) is None:
            raise Refusal("the library makes no calls from a server")
        if params["call"] in self.running:
            raise Refusal(f"there is a call {params['call']} already")
        value = from_tagged(params.get("value", params.get("init")))
        call = Call(params, value, from_tagged(params.get("metadata")), self.notify)
        # It can be ended before it was handed over: the runner waits for no answer.
        self.running[call.name] = None
        try:
            self.running[call.name] = await _settled(instance.invoke(call))
        except BaseException:
            del self.running[call.name]
            raise

    def on_send(self, params):
        value = from_tagged(params.get("value", params.get("request")))
        return self.act(params, "send", value, from_tagged(params.get("metadata")))

    def on_credit(self, params):
        return self.act(params, "credit", params["n"])

    def on_finish(self, params):
        return self.act(params, "finish", from_tagged(params.get("metadata")), params.get("error"))

    def on_cancel(self, params):
        return self.act(params, "cancel")

    def act(self, params, method, *values):
        name = params["call"]
        if name not in self.running:
            raise Refusal(f"there is no call {name}")
        acting = getattr(self.running[name], method, None)
        if acting is None:
            raise Refusal(f"the library cannot {method} on such a call")
        return self.nothing(acting(*values))

    def nothing(self, result):
        """What the library gives back is no answer."""
        return _nothing_of(result) if inspect.isawaitable(result) else None

    def instance(self, role, handle):
        found = self.instances[role].get(handle)
        if found is None:
            raise Refusal(f"there is no {role} {handle}")
        return found

    def caller(self, params):
        handle = params.get("at", params.get("client"))
        for role in ("client", "server"):
            if handle in self.instances[role]:
                return self.instances[role][handle]
        raise Refusal(f"there is no client or server {handle}")


async def _settled(result):
    return await result if inspect.isawaitable(result) else result


async def _nothing_of(awaitable):
    await awaitable


async def converse(adapter, out):
    """Carries out what stdin says, until it ends."""
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    conversation = Conversation(adapter, out)
    while line := await reader.readline():
        conversation.receive(line)
        if not EAGER:
            await asyncio.sleep(0)
    # Nothing is left to tell to anyone.
    os._exit(0)


def run(adapter):
    """An adapter's main: the conversation on stdin and stdout."""
    asyncio.run(converse(adapter, take_stdout()))
