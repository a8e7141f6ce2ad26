package weir.kit;

import java.util.List;
import java.util.Map;

/**
 * What {@code connect} and {@code serve} say. The URL is what a client dials, {@code null} for most servers; timers are in ms, scaled
 * already, and counts; metadata holds one value for each handshake, the last one repeats. {@code params} is all of it, tagged, under the
 * names of the control protocol.
 */
public record Settings(
        String url,
        String binding,
        Map<String, Double> timers,
        Map<String, Object> options,
        List<Object> metadata,
        Map<String, Object> params) {

    static Settings of(Params said) throws Refusal {
        return new Settings(
                said.text("url"),
                said.has("binding") ? said.text("binding") : said.text("codec"),
                said.numbers("timers"),
                said.value("options") instanceof Map<?, ?> options ? Params.members(options) : Map.of(),
                said.value("metadata") instanceof List<?> metadata ? List.copyOf(metadata) : List.of(),
                said.all());
    }
}
