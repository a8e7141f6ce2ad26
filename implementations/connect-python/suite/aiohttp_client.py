"""connect-python 0.4.2 as a client under test of the official suite: python aiohttp_client.py <descriptors>."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "connectrpc-python" / "suite"))

import aiohttp
from connectrpc.client_async import AsyncConnectClient
from connectrpc.client_protocol import ConnectProtocol
from connectrpc.errors import ConnectError
from messages import (
    CLIENT_STREAM,
    CODEC_JSON,
    METHODS,
    SERVER_STREAM,
    SERVICE,
    UNARY,
    class_of,
    fields_in,
    headers_of,
    serve_calls,
    unpadded,
)
from multidict import CIMultiDict


def fail(call, error):
    call.fail(error.code.code_name, error.message, [(each.type, unpadded(each.value)) for each in error.details])


def tell(call, output):
    """What an answer that is over has beside its messages."""
    if output.error() is not None:
        fail(call, output.error())
    call.outcome.response_headers.extend(headers_of(output.response_headers().items()))
    call.outcome.response_trailers.extend(headers_of(output.response_trailers().items()))


async def main():
    async with aiohttp.ClientSession() as session:

        async def play(call):
            request = call.request
            protocol = ConnectProtocol.CONNECT_JSON if request.codec == CODEC_JSON else ConnectProtocol.CONNECT_PROTOBUF
            stub = AsyncConnectClient(session, protocol)
            url = f"http://{request.host}:{request.port}/{SERVICE.full_name}/{request.method}"
            asked = {
                "response_type": class_of(METHODS[request.method].output_type),
                "extra_headers": CIMultiDict(fields_in(request.request_headers)),
                "timeout_seconds": request.timeout_ms / 1000 if request.HasField("timeout_ms") else None,
            }
            await call.before()
            try:
                if request.stream_type in (UNARY, CLIENT_STREAM):
                    if request.stream_type == UNARY:
                        output = await stub.call_unary(url, call.messages[0], **asked)
                    else:
                        output = await stub.call_client_streaming(url, call.uploaded(), **asked)
                    if output.error() is None:
                        call.take(output.message())
                    tell(call, output)
                    return
                if request.stream_type == SERVER_STREAM:
                    output = await stub.call_server_streaming(url, call.messages[0], **asked)
                else:
                    output = await stub.call_bidirectional_streaming(url, call.uploaded(), **asked)
                async with output as stream:
                    try:
                        async for answer in stream:
                            call.take(answer)
                    finally:
                        # Of a stream that was not read to its end the library gives no trailers.
                        if not output.done():
                            call.outcome.response_headers.extend(headers_of(output.response_headers().items()))
                if output.done():
                    tell(call, output)
            except ConnectError as error:
                fail(call, error)

        await serve_calls(play)


asyncio.run(main())
