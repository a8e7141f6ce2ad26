package weir.kit;

/** What a handler saw. The run tells runs of the same handler apart; service, value and metadata may be {@code null}. */
public record Seen(String service, String procedure, String run, String event, Object value, Object metadata) {}
