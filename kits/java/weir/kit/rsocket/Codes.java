package weir.kit.rsocket;

import java.util.Map;
import java.util.stream.Collectors;
import weir.kit.Told;

/** Codes of errors, by name as cases say them and by number as frames bear them. */
public final class Codes {
    private static final Map<String, Integer> NUMBERS = Map.of(
            "INVALID_SETUP", 1, "UNSUPPORTED_SETUP", 2, "REJECTED_SETUP", 3, "REJECTED_RESUME", 4, "CONNECTION_ERROR", 0x101,
            "CONNECTION_CLOSE", 0x102, "APPLICATION_ERROR", 0x201, "REJECTED", 0x202, "CANCELED", 0x203, "INVALID", 0x204);
    private static final Map<Integer, String> NAMES =
            NUMBERS.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

    private Codes() {}

    /** The name of a code; {@code 0x00000301} where it has none. */
    public static String name(int code) {
        return NAMES.getOrDefault(code, String.format("0x%08x", code));
    }

    /** The number that a name, a number or {@code 0x…} stands for. */
    public static int number(Object code) {
        if (code instanceof Number number) return number.intValue();
        String name = String.valueOf(code);
        return NUMBERS.containsKey(name) ? NUMBERS.get(name) : Integer.parseUnsignedInt(name.substring(2), 16);
    }

    /** An error as services are told it: a code and a text, or a text. */
    static Told told(String said) {
        String[] words = said.split(" ", 2);
        boolean coded = NUMBERS.containsKey(words[0]) || words[0].matches("0x[0-9a-fA-F]{1,8}");
        return coded ? new Told(words[0], words.length > 1 ? words[1] : "") : new Told("APPLICATION_ERROR", said);
    }
}
