package weir.kit;

/** A server of the library, which listens. */
public interface Server {
    /** Where it listens; {@code null} where a broker stands between the ends. */
    String url();

    /** Starts a call of the server's. Left out where servers do not call. */
    default Running invoke(Call call) throws Exception {
        throw new Refusal("the library makes no calls from a server");
    }

    /** Stops it with its connections and sessions. It is told how where a case says so, else {@code null}. */
    void stop(String how) throws Exception;
}
