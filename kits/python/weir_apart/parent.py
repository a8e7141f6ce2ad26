"""Passes lines on between the runner and the processes of the clients, each forked from this one."""

import json
import os
import selectors
import signal
import sys
import time

from weir_kit import put, take_stdout, written

from .child import Child

# How long a client may take before a request counts as queued for it; a close has to be done.
QUEUED_AFTER_S = 2.0
CLOSED_WITHIN_S = 3.0
# What a client's process may compute while it owes an answer to a ping before it counts as held up by the library; one that does not
# get so much is kept waiting by the machine.
BUSY_S = 0.03
# What a closed client is still good for: late news of its calls.
KEPT_CLOSED_S = 2.0


class Parent:
    """`info` is what `initialize` answers; `serve(out)` is the conversation of one client, in its process."""

    def __init__(self, info, serve):
        self.info = info
        self.serve = serve
        self.out = take_stdout()
        self.of_client = {}
        self.of_call = {}
        # By number, the clients that have not answered yet, and what each had computed when it was asked.
        self.pings = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(0, selectors.EVENT_READ, None)
        self.rest = b""

    def run(self):
        """Passes lines on until stdin ends."""
        while True:
            children = set(self.of_client.values())
            deadlines = [at for child in children for at in child.deadlines()]
            if self.pings:
                deadlines.append(time.monotonic() + BUSY_S)
            wait = None if not deadlines else max(0.0, min(deadlines) - time.monotonic())
            for key, mask in self.selector.select(wait):
                if mask & selectors.EVENT_WRITE:
                    self.flush(key.data)
                else:
                    self.read(key.fd, key.data)
            now = time.monotonic()
            for child in set(self.of_client.values()):
                self.overdue(child, now)
            self.pong()

    def read(self, fd, child):
        data = os.read(fd, 1 << 16)
        if child is None:
            if not data:
                self.end(0)
            *lines, self.rest = (self.rest + data).split(b"\n")
            for line in lines:
                self.request(line)
            return
        if not data:
            # It ended by itself: the library took it down.
            code = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
            print(f"the process of a client ended: {code}", file=sys.stderr)
            self.end(code if code > 0 else 1)
        *lines, child.rest = (child.rest + data).split(b"\n")
        for line in lines:
            self.from_child(child, line)
        child.stuck = child.busy = False

    def request(self, line):
        message = json.loads(line)
        method, params, number = message["method"], message.get("params", {}), message["id"]
        if method == "initialize":
            self.answer(number, self.info, "")
        elif method == "ping":
            self.ping(number, line)
        elif method == "shutdown":
            self.answer(number, {}, "")
            self.end(0)
        else:
            self.pass_on(line, method, params, number)

    def ping(self, number, line):
        """Asks every client: how late the answer is says how late they are."""
        self.pings[number] = {}
        for child in set(self.of_client.values()):
            if child.stuck or child.busy or child.ends_at is not None:
                continue
            self.pings[number][child] = child.computed()
            child.unsent += line + b"\n"
            self.flush(child)

    def pong(self):
        for number, asked in list(self.pings.items()):
            for child, at in list(asked.items()):
                if child.computed() - at >= BUSY_S:
                    child.busy = True
                if child.stuck or child.busy or child not in self.of_client.values():
                    del asked[child]
            if not asked:
                del self.pings[number]
                self.answer(number, {}, "")

    def pass_on(self, line, method, params, number):
        if method == "connect":
            child = self.of_client.get(params["client"]) or self.fork(params["client"])
            child.ends_at = None
        elif "client" in params or "at" in params:
            child = self.of_client.get(params.get("at", params.get("client")))
        else:
            child = self.of_call.get(params.get("call"))
        if child is None:
            gone = {} if method == "disconnect" else None
            self.answer(number, gone, f"there is nothing to {method}: the client was closed and its process is gone, or never was")
            return
        if method == "invoke":
            self.of_call[params["call"]] = child
        now = time.monotonic()
        if method == "disconnect":
            child.pending[number] = method, now if child.stuck else now + CLOSED_WITHIN_S
        else:
            child.pending[number] = method, now if child.stuck else now + QUEUED_AFTER_S
        if not child.stuck:
            child.unsent += line + b"\n"
            self.flush(child)

    def flush(self, child):
        # Never waits: a client that is busy writing to this process would wait for it in turn.
        try:
            child.unsent = child.unsent[os.write(child.into, child.unsent) :]
        except (BlockingIOError, BrokenPipeError):
            pass
        listed = child.into in self.selector.get_map()
        if child.unsent and not listed:
            self.selector.register(child.into, selectors.EVENT_WRITE, child)
        elif listed and not child.unsent:
            self.selector.unregister(child.into)

    def from_child(self, child, line):
        number = json.loads(line).get("id")
        if number is not None:
            if number in self.pings:
                self.pings[number].pop(child, None)
                return
            if number not in child.pending:
                return  # answered for it already
            method, _ = child.pending.pop(number)
            if method == "disconnect":
                child.ends_at = time.monotonic() + KEPT_CLOSED_S
        put(self.out, line + b"\n")

    def overdue(self, child, now):
        for number, (method, at) in list(child.pending.items()):
            if at > now:
                continue
            del child.pending[number]
            if not child.stuck:
                print(f"a client does not come to {method}: its event loop is held up", file=sys.stderr)
            child.stuck = True
            if method == "disconnect":
                self.answer(number, None, "the client's event loop is held up for good")
                self.kill(child)
            else:
                self.answer(number, {}, "")
        if child.ends_at is not None and child.ends_at <= now:
            self.kill(child)

    def fork(self, name):
        into_read, into_write = os.pipe()
        out_read, out_write = os.pipe()
        pid = os.fork()
        if pid == 0:
            # Only its own ends: the others' must close with the processes that hold them.
            self.selector.close()
            for child in set(self.of_client.values()):
                os.close(child.into)
                os.close(child.out)
            os.close(into_write)
            os.close(out_read)
            os.dup2(into_read, 0)
            os.close(into_read)
            self.serve(out_write)
            os._exit(0)
        os.close(into_read)
        os.close(out_write)
        os.set_blocking(into_write, False)
        child = Child(pid, into_write, out_read)
        self.of_client[name] = child
        self.selector.register(out_read, selectors.EVENT_READ, child)
        return child

    def kill(self, child):
        os.kill(child.pid, signal.SIGKILL)
        os.waitpid(child.pid, 0)
        self.selector.unregister(child.out)
        if child.into in self.selector.get_map():
            self.selector.unregister(child.into)
        os.close(child.into)
        os.close(child.out)
        self.of_client = {name: other for name, other in self.of_client.items() if other is not child}
        self.of_call = {name: other for name, other in self.of_call.items() if other is not child}

    def end(self, code):
        for child in set(self.of_client.values()):
            os.kill(child.pid, signal.SIGKILL)
        os._exit(code)

    def answer(self, number, result, error):
        answer = {"error": {"code": -32000, "message": error}} if result is None else {"result": result}
        put(self.out, written({"id": number, **answer}))
