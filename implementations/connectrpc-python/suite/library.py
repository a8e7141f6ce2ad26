"""What connectrpc 0.13 and connect-python 0.9 have otherwise, for both testees."""

from connectrpc.method import IdempotencyLevel, MethodInfo
from messages import CODEC_JSON, METHODS, SERVICE, class_of

try:
    from connectrpc.compat import google_protobuf_binary_codec, google_protobuf_codecs, google_protobuf_json_codec
    from connectrpc.method import StreamType
    from protobuf.wkt import Any

    def codec_of(codec):
        return {"codec": google_protobuf_json_codec() if codec == CODEC_JSON else google_protobuf_binary_codec()}

    def kind_of(method):
        return {"stream_type": StreamType(1 + method.client_streaming + 2 * method.server_streaming)}

    def detail(any_of):
        return Any(type_url=any_of.type_url, value=any_of.value)

    def details_of(error):
        return [(each.type_name, each.message_bytes) for each in error.details]

    SERVER = {"codecs": google_protobuf_codecs()}
except ImportError:

    def codec_of(codec):
        return {"proto_json": codec == CODEC_JSON}

    def kind_of(_method):
        return {}

    def detail(any_of):
        return any_of

    def details_of(error):
        return [(each.type_url.rpartition("/")[2], each.value) for each in error.details]

    SERVER = {}


def plain(value):
    """What the older library gives by a method, the newer one gives as a property."""
    return value() if callable(value) else value


METHOD_INFOS = {
    name: MethodInfo(
        name=name,
        service_name=SERVICE.full_name,
        input=class_of(method.input_type),
        output=class_of(method.output_type),
        idempotency_level=IdempotencyLevel.NO_SIDE_EFFECTS
        if method.GetOptions().idempotency_level == method.GetOptions().NO_SIDE_EFFECTS
        else IdempotencyLevel.UNKNOWN,
        **kind_of(method),
    )
    for name, method in METHODS.items()
}
