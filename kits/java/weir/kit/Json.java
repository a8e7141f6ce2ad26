package weir.kit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JSON as texts of Java: null, Boolean, String, Double, List and Map with texts as keys. */
final class Json {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** Reads one value. Throws IllegalArgumentException where the text is no JSON. */
    static Object read(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.space();
        if (json.at < text.length()) throw json.wrong();
        return value;
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("no JSON at " + at);
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
    }

    /** Takes a character, behind space. */
    private boolean take(char wanted) {
        space();
        if (at >= text.length() || text.charAt(at) != wanted) return false;
        at++;
        return true;
    }

    private void need(char wanted) {
        if (!take(wanted)) throw wrong();
    }

    private Object value() {
        if (take('{')) return object();
        if (take('[')) return list();
        if (take('"')) return string();
        for (String word : new String[] {"null", "true", "false"}) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return word.equals("null") ? null : Boolean.valueOf(word);
            }
        }
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) throw wrong();
        at = number.end();
        return Double.valueOf(number.group());
    }

    private Map<String, Object> object() {
        Map<String, Object> members = new LinkedHashMap<>();
        if (take('}')) return members;
        do {
            need('"');
            String key = string();
            need(':');
            members.put(key, value());
        } while (take(','));
        need('}');
        return members;
    }

    private List<Object> list() {
        List<Object> items = new ArrayList<>();
        if (take(']')) return items;
        do {
            items.add(value());
        } while (take(','));
        need(']');
        return items;
    }

    private String string() {
        StringBuilder read = new StringBuilder();
        while (at < text.length()) {
            char next = text.charAt(at++);
            if (next == '"') return read.toString();
            if (next < ' ') throw wrong();
            read.append(next == '\\' ? escaped() : next);
        }
        throw wrong();
    }

    private char escaped() {
        if (at >= text.length()) throw wrong();
        char kind = text.charAt(at++);
        int plain = "\"\\/bfnrt".indexOf(kind);
        if (plain >= 0) return "\"\\/\b\f\n\r\t".charAt(plain);
        if (kind != 'u' || at + 4 > text.length()) throw wrong();
        int code = 0;
        for (int end = at + 4; at < end; at++) {
            int digit = Character.digit(text.charAt(at), 16);
            if (digit < 0) throw wrong();
            code = code * 16 + digit;
        }
        return (char) code;
    }

    /** Writes a value on one line, for every reader of lines: what some take for the end of one is escaped. */
    static String write(Object value) {
        StringBuilder line = new StringBuilder();
        write(value, line);
        return line.toString();
    }

    private static void write(Object value, StringBuilder line) {
        if (value instanceof String string) {
            quote(string, line);
        } else if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1L << 53) {
            line.append(number.longValue());
        } else if (value instanceof Map<?, ?> members) {
            String before = "{";
            for (Map.Entry<?, ?> each : members.entrySet()) {
                line.append(before);
                quote(String.valueOf(each.getKey()), line);
                line.append(':');
                write(each.getValue(), line);
                before = ",";
            }
            line.append(members.isEmpty() ? "{}" : "}");
        } else if (value instanceof Iterable<?> items) {
            String before = "[";
            for (Object each : items) {
                line.append(before);
                write(each, line);
                before = ",";
            }
            line.append(before.equals("[") ? "[]" : "]");
        } else {
            line.append(value);
        }
    }

    private static void quote(String string, StringBuilder line) {
        line.append('"');
        for (int i = 0; i < string.length(); i++) {
            char each = string.charAt(i);
            if (each == '"' || each == '\\') line.append('\\').append(each);
            else if (each < ' ' || each == '\u0085' || each == '\u2028' || each == '\u2029' || isAlone(string, i))
                line.append(String.format("\\u%04x", (int) each));
            else line.append(each);
        }
        line.append('"');
    }

    /** Whether half of a character stands there without the other: UTF-8 has no form for it. */
    private static boolean isAlone(String string, int at) {
        char each = string.charAt(at);
        if (Character.isHighSurrogate(each)) return at + 1 == string.length() || !Character.isLowSurrogate(string.charAt(at + 1));
        return Character.isLowSurrogate(each) && (at == 0 || !Character.isHighSurrogate(string.charAt(at - 1)));
    }
}
