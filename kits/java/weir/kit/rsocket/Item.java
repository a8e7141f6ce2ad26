package weir.kit.rsocket;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes of a payload; metadata that is {@code null} is none. */
public record Item(byte[] data, byte[] metadata) {
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,15}(?= |\\z)");

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

    /** The decimal number that is the first word of its text, or 0. */
    int number() {
        return number(text());
    }

    static int number(String text) {
        Matcher first = DECIMAL.matcher(text);
        return first.lookingAt() ? (int) Long.parseLong(first.group()) : 0;
    }
}
