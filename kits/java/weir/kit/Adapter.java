package weir.kit;

import java.util.Map;

/**
 * A library, and nothing that every adapter says alike. Requests about one handle come one after the other, others beside them, each on
 * a thread that may block: a virtual one where the JVM has them.
 */
public interface Adapter {
    /** What {@code initialize} answers. */
    Map<String, Object> info();

    /** Makes a client, and does not wait for its connection. Left out where the library has none. */
    default Client connect(Instance instance, Settings settings) throws Exception {
        throw new Refusal("the library has no client");
    }

    /** Starts a server. Left out where the library has none. */
    default Server serve(Instance instance, Settings settings) throws Exception {
        throw new Refusal("the library has no server");
    }

    /**
     * An adapter's main: the conversation on stdin and stdout, until stdin ends or {@code shutdown} comes, with which the process ends.
     * Whatever else prints to {@link System#out} prints to stderr.
     */
    static void run(Adapter adapter) {
        Conversation.run(adapter);
    }
}
