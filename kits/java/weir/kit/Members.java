package weir.kit;

import java.util.LinkedHashMap;

/** An object of a message, in the making. */
final class Members extends LinkedHashMap<String, Object> {
    private static final long serialVersionUID = 1;

    /** Adds a value, tagged; null is null. */
    Members with(String name, Object value) {
        put(name, value instanceof Members ? value : Values.toTagged(value));
        return this;
    }

    /** Adds what is there. */
    Members given(String name, Object value) {
        return value == null ? this : with(name, value);
    }
}
