package weir.kit;

/** A client of the library. One that was closed stays: what it makes of later calls is the library's affair. */
public interface Client {
    /** Starts a call, and does not wait for its result. Gives what can be done to it; {@code null} is nothing. */
    Running invoke(Call call) throws Exception;

    /** Begins to connect without a call, and does not wait until it is. Left out where the library cannot. */
    default void dial() throws Exception {
        throw new Refusal("the library dials only with a call");
    }

    /** Closes the client for good. */
    void close() throws Exception;
}
