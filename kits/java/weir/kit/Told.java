package weir.kit;

/** An error as the control protocol says it: its code is a word or a number; extras and metadata may be {@code null}. */
public record Told(Object code, String message, Object extras, Object metadata) {
    /** One that is a code and a text. */
    public Told(Object code, String message) {
        this(code, message, null, null);
    }
}
