import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.rsocket.Payload;
import io.rsocket.RSocketErrorException;
import io.rsocket.exceptions.*;
import io.rsocket.metadata.CompositeMetadata;
import io.rsocket.metadata.CompositeMetadataCodec;
import io.rsocket.metadata.RoutingMetadata;
import io.rsocket.metadata.TaggingMetadataCodec;
import io.rsocket.metadata.WellKnownMimeType;
import io.rsocket.util.DefaultPayload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Payloads and errors, between Weir's forms and the library's. */
final class Forms {
    private static final String ROUTING = WellKnownMimeType.MESSAGE_RSOCKET_ROUTING.getString();
    private static final String OCTETS = WellKnownMimeType.APPLICATION_OCTET_STREAM.getString();
    private static final Map<Integer, String> NAMES = Map.of(
            1, "INVALID_SETUP", 2, "UNSUPPORTED_SETUP", 3, "REJECTED_SETUP", 4, "REJECTED_RESUME", 0x101, "CONNECTION_ERROR",
            0x102, "CONNECTION_CLOSE", 0x201, "APPLICATION_ERROR", 0x202, "REJECTED", 0x203, "CANCELED", 0x204, "INVALID");
    private static final Map<String, Function<String, RuntimeException>> ERRORS = Map.of(
            "INVALID_SETUP", InvalidSetupException::new, "UNSUPPORTED_SETUP", UnsupportedSetupException::new,
            "REJECTED_SETUP", RejectedSetupException::new, "REJECTED_RESUME", RejectedResumeException::new,
            "CONNECTION_ERROR", ConnectionErrorException::new, "CONNECTION_CLOSE", ConnectionCloseException::new,
            "APPLICATION_ERROR", ApplicationErrorException::new, "REJECTED", RejectedException::new,
            "CANCELED", CanceledException::new, "INVALID", InvalidException::new);

    private Forms() {}

    static byte[] bytes(Object value) {
        return value instanceof byte[] bytes ? bytes : value == null ? new byte[0] : value.toString().getBytes(StandardCharsets.UTF_8);
    }

    static byte[] copied(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static byte[] data(Payload payload) {
        return copied(payload.getData());
    }

    static byte[] metadata(Payload payload) {
        return payload.hasMetadata() ? copied(payload.getMetadata()) : null;
    }

    /** Bytes as the application reads them: text where they are UTF-8. */
    static Object value(byte[] bytes) {
        if (bytes == null) return null;
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException binary) {
            return bytes;
        }
    }

    static Payload payload(Object data, Object metadata) {
        return DefaultPayload.create(bytes(data), metadata == null ? null : bytes(metadata));
    }

    /** The route stands beside what the application says; without a route the metadata is the application's, as it is. */
    static Payload request(String route, Object data, Object metadata) {
        if (route == null) return payload(data, metadata);
        ByteBufAllocator heap = ByteBufAllocator.DEFAULT;
        CompositeByteBuf both = heap.compositeBuffer();
        ByteBuf routing = TaggingMetadataCodec.createRoutingMetadata(heap, List.of(route)).getContent();
        CompositeMetadataCodec.encodeAndAddMetadata(both, heap, WellKnownMimeType.MESSAGE_RSOCKET_ROUTING, routing);
        if (metadata != null) {
            ByteBuf own = Unpooled.wrappedBuffer(bytes(metadata));
            CompositeMetadataCodec.encodeAndAddMetadata(both, heap, WellKnownMimeType.APPLICATION_OCTET_STREAM, own);
        }
        return payload(data, ByteBufUtil.getBytes(both));
    }

    /** What a handler knows of a request: its route (null: none), its data, and what stood beside the route. */
    record Asked(String route, byte[] data, byte[] own) {
        static Asked of(Payload request) {
            String route = null;
            byte[] own = null;
            byte[] all = metadata(request);
            if (all != null) {
                for (CompositeMetadata.Entry entry : new CompositeMetadata(Unpooled.wrappedBuffer(all), false)) {
                    if (ROUTING.equals(entry.getMimeType())) route = new RoutingMetadata(entry.getContent()).iterator().next();
                    if (OCTETS.equals(entry.getMimeType())) own = ByteBufUtil.getBytes(entry.getContent());
                }
            }
            return new Asked(route, Forms.data(request), own);
        }

        String text() {
            return new String(data, StandardCharsets.UTF_8);
        }

        Payload payload() {
            return Forms.payload(data, own);
        }
    }

    /** The code of what ends a call: that of an ERROR frame, CLOSED where the connection went, else the name of the exception. */
    static String code(Throwable error) {
        String text = String.valueOf(error.getMessage());
        // The library makes up this error itself, where the other end was silent.
        if (error instanceof ConnectionErrorException && text.startsWith("No keep-alive acks for")) return "CLOSED";
        if (error instanceof RSocketErrorException told) {
            return NAMES.getOrDefault(told.errorCode(), String.format("0x%08x", told.errorCode()));
        }
        return error instanceof IOException ? "CLOSED" : error.getClass().getSimpleName();
    }

    /** The error that the library tells with a code, which is a name, a number or `0x…`. */
    static RuntimeException error(Object code, String text) {
        int number = code instanceof Number given ? given.intValue() : 0;
        String name = code instanceof Number ? NAMES.getOrDefault(number, "") : String.valueOf(code);
        if (ERRORS.containsKey(name)) return ERRORS.get(name).apply(text);
        return new CustomRSocketException(name.startsWith("0x") ? Integer.parseUnsignedInt(name.substring(2), 16) : number, text);
    }

    static boolean isCode(String word) {
        return ERRORS.containsKey(word) || word.matches("0x[0-9a-fA-F]{1,8}");
    }
}
