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
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import weir.kit.Told;
import weir.kit.rsocket.Codes;
import weir.kit.rsocket.Item;

/** Payloads, requests and errors, between the kit's forms and the library's. */
final class Forms {
    private static final String ROUTING = WellKnownMimeType.MESSAGE_RSOCKET_ROUTING.getString();
    private static final String OCTETS = WellKnownMimeType.APPLICATION_OCTET_STREAM.getString();
    private static final Map<Integer, Function<String, RuntimeException>> ERRORS = Map.of(
            0x001, InvalidSetupException::new, 0x002, UnsupportedSetupException::new, 0x003, RejectedSetupException::new,
            0x004, RejectedResumeException::new, 0x101, ConnectionErrorException::new, 0x102, ConnectionCloseException::new,
            0x201, ApplicationErrorException::new, 0x202, RejectedException::new, 0x203, CanceledException::new,
            0x204, InvalidException::new);

    private Forms() {}

    static Item item(Payload payload) {
        return new Item(copied(payload.getData()), payload.hasMetadata() ? copied(payload.getMetadata()) : null);
    }

    private static byte[] copied(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static Payload payload(Item item) {
        return DefaultPayload.create(item.data(), item.metadata());
    }

    /** The route stands beside what the application says; without a route the metadata is the application's, as it is. */
    static Payload request(String route, Item item) {
        if (route == null) return payload(item);
        ByteBufAllocator heap = ByteBufAllocator.DEFAULT;
        CompositeByteBuf both = heap.compositeBuffer();
        ByteBuf routing = TaggingMetadataCodec.createRoutingMetadata(heap, List.of(route)).getContent();
        CompositeMetadataCodec.encodeAndAddMetadata(both, heap, WellKnownMimeType.MESSAGE_RSOCKET_ROUTING, routing);
        if (item.metadata() != null) {
            ByteBuf own = Unpooled.wrappedBuffer(item.metadata());
            CompositeMetadataCodec.encodeAndAddMetadata(both, heap, WellKnownMimeType.APPLICATION_OCTET_STREAM, own);
        }
        return DefaultPayload.create(item.data(), ByteBufUtil.getBytes(both));
    }

    /** A request as its handler knows it: its route (null: none), and what stood beside the route. */
    record Routed(String route, Item first) {
        static Routed of(Payload request) {
            Item whole = item(request);
            String route = null;
            byte[] own = null;
            if (whole.metadata() != null) {
                for (CompositeMetadata.Entry entry : new CompositeMetadata(Unpooled.wrappedBuffer(whole.metadata()), false)) {
                    if (ROUTING.equals(entry.getMimeType())) route = new RoutingMetadata(entry.getContent()).iterator().next();
                    if (OCTETS.equals(entry.getMimeType())) own = ByteBufUtil.getBytes(entry.getContent());
                }
            }
            return new Routed(route, new Item(whole.data(), own));
        }
    }

    /** What ends a call: the code of an ERROR frame, CLOSED where the connection went, else the name of the exception. */
    static Told told(Throwable error) {
        return new Told(code(error), String.valueOf(error.getMessage()));
    }

    static String code(Throwable error) {
        String text = String.valueOf(error.getMessage());
        // The library makes up this error itself, where the other end was silent.
        if (error instanceof ConnectionErrorException && text.startsWith("No keep-alive acks for")) return "CLOSED";
        if (error instanceof RSocketErrorException coded) return Codes.name(coded.errorCode());
        return error instanceof IOException ? "CLOSED" : error.getClass().getSimpleName();
    }

    /** The error that the library sends with its code. */
    static RuntimeException error(Told told) {
        int code = Codes.number(told.code());
        return ERRORS.containsKey(code) ? ERRORS.get(code).apply(told.message()) : new CustomRSocketException(code, told.message());
    }
}
