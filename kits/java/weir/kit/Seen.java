package weir.kit;

/**
 * What a handler saw. The run tells runs of the same handler apart; service, value and metadata may be {@code null}, which as a value is
 * null where {@code hasValue}; else there is none.
 */
public record Seen(String service, String procedure, String run, String event, Object value, boolean hasValue, Object metadata) {
    /** The same, where a value of {@code null} is none. */
    public Seen(String service, String procedure, String run, String event, Object value, Object metadata) {
        this(service, procedure, run, event, value, value != null, metadata);
    }
}
