"""The libraries of the connectrpc organisation as servers under test of the official suite, under uvicorn: python server.py <descriptors>."""

import asyncio
import contextvars
import socket
import struct
import sys
import urllib.parse

import uvicorn
from connectrpc.code import Code
from connectrpc.errors import ConnectError
from connectrpc.server import ConnectASGIApplication, Endpoint
from google.protobuf.any_pb2 import Any
from library import METHOD_INFOS, SERVER, detail, plain
from messages import CODES, SERVICE, fields_in, headers_of, kind, say

# The library shows its handlers no query; the suite asks for it.
QUERY = contextvars.ContextVar("query", default=b"")


def packed(message):
    any_of = Any()
    any_of.Pack(message)
    return any_of


def info_of(requests, context):
    info = kind("ConformancePayload").RequestInfo(
        request_headers=headers_of(plain(context.request_headers).allitems()),
        requests=[packed(request) for request in requests],
    )
    timeout = plain(context.timeout_ms)
    if timeout is not None:
        info.timeout_ms = max(0, int(timeout))
    if plain(context.http_method) == "GET":
        query = urllib.parse.parse_qsl(QUERY.get().decode(), keep_blank_values=True)
        info.connect_get_info.query_params.extend(headers_of(query))
    return info


def begin(wanted, context):
    for name, value in fields_in(wanted.response_headers):
        plain(context.response_headers).add(name, value)
    for name, value in fields_in(wanted.response_trailers):
        plain(context.response_trailers).add(name, value)


def failure(error, *info):
    details = [*error.details, *(packed(each) for each in info)]
    return ConnectError(Code(CODES.get(error.code, "unknown")), error.message, [detail(each) for each in details])


async def pause(wanted):
    if wanted.response_delay_ms > 0:
        await asyncio.sleep(wanted.response_delay_ms / 1000)


async def one_answer(requests, context):
    wanted = requests[0].response_definition if requests else kind("UnaryResponseDefinition")()
    begin(wanted, context)
    info = info_of(requests, context)
    await pause(wanted)
    if wanted.WhichOneof("response") == "error":
        raise failure(wanted.error, info)
    answer = plain(context.method).output()
    answer.payload.data = wanted.response_data
    answer.payload.request_info.CopyFrom(info)
    return answer


async def answers(requests, context):
    wanted = requests[0].response_definition if requests else kind("StreamResponseDefinition")()
    begin(wanted, context)
    info = info_of(requests, context)
    for i, data in enumerate(wanted.response_data):
        await pause(wanted)
        answer = plain(context.method).output()
        answer.payload.data = data
        if i == 0:
            answer.payload.request_info.CopyFrom(info)
        yield answer
    if wanted.HasField("error"):
        raise failure(wanted.error) if len(wanted.response_data) > 0 else failure(wanted.error, info)


async def unary(request, context):
    return await one_answer([request], context)


async def client_stream(requests, context):
    return await one_answer([request async for request in requests], context)


async def server_stream(request, context):
    async for answer in answers([request], context):
        yield answer


async def bidi_stream(requests, context):
    async for answer in answers([request async for request in requests], context):
        yield answer


async def unmade(_request, _context):
    raise ConnectError(Code.UNIMPLEMENTED, "Not implemented")


MADE = {
    "Unary": (Endpoint.unary, unary),
    "IdempotentUnary": (Endpoint.unary, unary),
    "Unimplemented": (Endpoint.unary, unmade),
    "ClientStream": (Endpoint.client_stream, client_stream),
    "ServerStream": (Endpoint.server_stream, server_stream),
    "BidiStream": (Endpoint.bidi_stream, bidi_stream),
}


class Application(ConnectASGIApplication):
    path = f"/{SERVICE.full_name}"


(length,) = struct.unpack(">I", sys.stdin.buffer.read(4))
asked = kind("ServerCompatRequest").FromString(sys.stdin.buffer.read(length))
endpoints = {f"/{SERVICE.full_name}/{name}": make(METHOD_INFOS[name], handler) for name, (make, handler) in MADE.items()}
application = Application(
    service=None, endpoints=lambda _service: endpoints, read_max_bytes=asked.message_receive_limit or None, **SERVER
)


async def with_query(scope, receive, send):
    if scope["type"] == "http":
        QUERY.set(scope["query_string"])
    await application(scope, receive, send)


listener = socket.create_server(("127.0.0.1", 0))
say(kind("ServerCompatResponse")(host="127.0.0.1", port=listener.getsockname()[1]))
uvicorn.Server(uvicorn.Config(with_query, lifespan="off", log_config=None, access_log=False)).run(sockets=[listener])
