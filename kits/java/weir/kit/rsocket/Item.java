package weir.kit.rsocket;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes of a payload; metadata that is {@code null} is none. */
public record Item(byte[] data, byte[] metadata) {
    /** The item that a case writes, as text or bytes. */
    public static Item of(Object data, Object metadata) {
        return new Item(bytes(data), metadata == null ? null : bytes(metadata));
    }

    /** The same without metadata. */
    static Item of(Object data) {
        return of(data, null);
    }

    /** The bytes of what a case writes; none of what it leaves out. */
    public static byte[] bytes(Object value) {
        return value instanceof byte[] bytes ? bytes : value == null ? new byte[0] : value.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Bytes as a case reads them: text where they are UTF-8. */
    public static Object value(byte[] bytes) {
        if (bytes == null) return null;
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException binary) {
            return bytes;
        }
    }

    /** Text that a service is told, whatever the bytes. */
    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }

    /** The number that its text begins with, or 0. */
    int number() {
        return number(text());
    }

    static int number(String text) {
        try {
            return (int) Double.parseDouble(text.split(" ")[0]);
        } catch (NumberFormatException none) {
            return 0;
        }
    }
}
