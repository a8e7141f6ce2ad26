package weir.kit;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values between messages, which have tags for what JSON lacks, and Java. */
public final class Values {
    /** The largest integer of which a double knows its neighbours. */
    private static final long MAX_SAFE = (1L << 53) - 1;

    private Values() {}

    /** Gives the value that a message holds. Refuses a tag that holds no value of its kind. */
    public static Object fromTagged(Object held) throws Refusal {
        if (held instanceof List<?> list) {
            List<Object> read = new ArrayList<>(list.size());
            for (Object each : list) read.add(fromTagged(each));
            return read;
        }
        if (!(held instanceof Map<?, ?> map)) return held;
        if (map.size() == 1) {
            Map.Entry<?, ?> only = map.entrySet().iterator().next();
            Object read = fromTag(String.valueOf(only.getKey()), only.getValue());
            if (read != null) return read;
        }
        Map<String, Object> read = new LinkedHashMap<>();
        for (Map.Entry<?, ?> each : map.entrySet()) read.put(String.valueOf(each.getKey()), fromTagged(each.getValue()));
        return read;
    }

    /** The value of a tag; null where the name is none. */
    private static Object fromTag(String tag, Object held) throws Refusal {
        try {
            return switch (tag) {
                case "$bytes" -> Base64.getDecoder().decode((String) held);
                case "$bigint" -> bigInteger((String) held);
                case "$number" -> number((String) held);
                case "$undefined" -> Boolean.TRUE.equals(held) ? Undefined.UNDEFINED : malformed();
                default -> null;
            };
        } catch (ClassCastException | IllegalArgumentException | NullPointerException wrong) {
            throw new Refusal("a malformed " + tag);
        }
    }

    private static BigInteger bigInteger(String text) {
        return text.matches("-?[0-9]+") ? new BigInteger(text) : (BigInteger) malformed();
    }

    private static Double number(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            case "-0" -> -0.0;
            default -> (Double) malformed();
        };
    }

    private static Object malformed() {
        throw new IllegalArgumentException();
    }

    /** Gives a value of the library as a message holds it. What JSON has no form for is told by the name of its class. */
    public static Object toTagged(Object value) {
        if (value == null || value instanceof Boolean || value instanceof String) return value;
        if (value instanceof Undefined) return Map.of("$undefined", true);
        if (value instanceof byte[] bytes) return Map.of("$bytes", Base64.getEncoder().encodeToString(bytes));
        if (value instanceof BigInteger integer) return Map.of("$bigint", integer.toString());
        if (value instanceof Float || value instanceof Double) return fraction(((Number) value).doubleValue());
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            long integer = ((Number) value).longValue();
            return Math.abs(integer) <= MAX_SAFE ? (Object) integer : Map.of("$bigint", Long.toString(integer));
        }
        if (value instanceof Iterable<?> items) {
            List<Object> list = new ArrayList<>();
            for (Object each : items) list.add(toTagged(each));
            return list;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> members = new LinkedHashMap<>();
            map.forEach((key, each) -> members.put(String.valueOf(key), toTagged(each)));
            return members;
        }
        return Map.of("$opaque", value.getClass().getName());
    }

    private static Object fraction(double number) {
        if (Double.isFinite(number) && !(number == 0 && 1 / number < 0)) return number;
        return Map.of("$number", number == 0 ? "-0" : Double.toString(number));
    }
}
