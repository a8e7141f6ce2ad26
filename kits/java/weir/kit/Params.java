package weir.kit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The params of a request, by name. */
record Params(Map<String, Object> all) {
    boolean has(String name) {
        return all.containsKey(name);
    }

    /** The text of that name; null where there is none. */
    String text(String name) {
        return all.get(name) instanceof String text ? text : null;
    }

    Integer count(String name) {
        return all.get(name) instanceof Double number ? number.intValue() : null;
    }

    Object value(String name) throws Refusal {
        return Values.fromTagged(all.get(name));
    }

    /** What a request says under a name, or under the one that this had before. */
    Object value(String name, String before) throws Refusal {
        return value(has(name) ? name : before);
    }

    Map<String, Double> numbers(String name) {
        Map<String, Double> numbers = new HashMap<>();
        if (all.get(name) instanceof Map<?, ?> said) {
            said.forEach((key, value) -> {
                if (value instanceof Double number) numbers.put(String.valueOf(key), number);
            });
        }
        return numbers;
    }

    /** A map of JSON, whose keys are texts. */
    static Map<String, Object> members(Map<?, ?> map) {
        Map<String, Object> members = new LinkedHashMap<>();
        map.forEach((key, value) -> members.put(String.valueOf(key), value));
        return members;
    }
}
