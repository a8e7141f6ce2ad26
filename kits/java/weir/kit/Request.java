package weir.kit;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A line that was read. A notification has no id, which is not an id of null. */
record Request(boolean hasId, Object id, String method, Params params) {

    /** A line that is no request: code and id of the error that answers it. */
    static final class Bad extends Exception {
        private static final long serialVersionUID = 1;
        final transient Object id;
        final int code;

        Bad(Object id, int code, String message) {
            super(message);
            this.id = id;
            this.code = code;
        }
    }

    static Request read(byte[] line) throws Bad {
        Object message;
        try {
            message = Json.read(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString());
        } catch (CharacterCodingException | IllegalArgumentException wrong) {
            throw new Bad(null, -32700, "the line is no JSON in UTF-8");
        }
        Map<String, Object> members = message instanceof Map<?, ?> map ? Params.members(map) : Map.of();
        Object id = members.get("id");
        if (!(members.get("method") instanceof String method)) {
            throw new Bad(id, -32600, "the line is no request: it has no method");
        }
        Object params = members.getOrDefault("params", Map.of());
        if (!(params instanceof Map<?, ?> map)) throw new Bad(id, -32602, "params must be an object");
        return new Request(members.containsKey("id"), id, method, new Params(Params.members(map)));
    }
}
