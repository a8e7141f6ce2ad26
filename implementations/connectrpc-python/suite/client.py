"""The libraries of the connectrpc organisation as clients under test of the official suite: python client.py <descriptors>."""

import asyncio

from connectrpc.client import ConnectClient, ResponseMetadata
from connectrpc.compression.gzip import GzipCompression
from connectrpc.errors import ConnectError
from connectrpc.request import Headers
from library import METHOD_INFOS, codec_of, details_of, plain
from messages import CLIENT_STREAM, GZIP, SERVER_STREAM, UNARY, fields_in, headers_of, serve_calls
from pyqwest import Client, HTTPTransport


async def main():
    transport = HTTPTransport()

    async def play(call):
        request = call.request
        stub = ConnectClient(
            f"http://{request.host}:{request.port}",
            http_client=Client(transport),
            send_compression=GzipCompression() if request.compression == GZIP else None,
            read_max_bytes=request.message_receive_limit or None,
            **codec_of(request.codec),
        )
        asked = {
            "method": METHOD_INFOS[request.method],
            "headers": Headers(fields_in(request.request_headers)),
            "timeout_ms": request.timeout_ms if request.HasField("timeout_ms") else None,
        }
        seen = ResponseMetadata()
        try:
            with seen:
                await call.before()
                if request.stream_type == UNARY:
                    call.take(await stub.execute_unary(request=call.messages[0], use_get=request.use_get_http_method, **asked))
                elif request.stream_type == CLIENT_STREAM:
                    call.take(await stub.execute_client_stream(request=call.uploaded(), **asked))
                elif request.stream_type == SERVER_STREAM:
                    async for answer in stub.execute_server_stream(request=call.messages[0], **asked):
                        call.take(answer)
                else:
                    async for answer in stub.execute_bidi_stream(request=call.uploaded(), **asked):
                        call.take(answer)
        except ConnectError as error:
            call.fail(error.code.value, error.message, details_of(error))
        finally:
            call.outcome.response_headers.extend(headers_of(plain(seen.headers).allitems()))
            call.outcome.response_trailers.extend(headers_of(plain(seen.trailers).allitems()))

    await serve_calls(play)


asyncio.run(main())
