package weir.kit;

/** A call once the library has it. What the library cannot do is left out, and refused. */
public interface Running {
    /** Writes one value on the request side; metadata may be {@code null}. */
    default void send(Object value, Object metadata) throws Exception {
        throw Refusal.cannot("send");
    }

    /** Takes so many more values of the call. */
    default void credit(int n) throws Exception {
        throw Refusal.cannot("credit");
    }

    /** Closes the request side, with that error where there is one; both may be {@code null}. */
    default void finish(Object metadata, Told error) throws Exception {
        throw Refusal.cannot("finish");
    }

    /** Abandons the call, as an application would. */
    default void cancel() throws Exception {
        throw Refusal.cannot("cancel");
    }
}
