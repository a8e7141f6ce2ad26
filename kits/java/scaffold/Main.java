import java.util.List;
import java.util.Map;
import weir.kit.Adapter;
// <client>
import weir.kit.Call;
import weir.kit.Client;
// </client>
import weir.kit.Instance;
import weir.kit.Refusal;
// <client>
import weir.kit.Running;
// </client>
// <server>
import weir.kit.Server;
// </server>
import weir.kit.Settings;

/**
 * The adapter of __NAME__: Weir drives your library through it and hears what the library's API shows. It never makes up for the
 * library: no retries, no repairs, nothing kept back. What is left for you to write is marked "yours"; the rest is the conversation
 * with Weir. Jars that it needs go into lib/ (from pom.xml: mvn dependency:copy-dependencies -DoutputDirectory=lib).
 */
final class Main implements Adapter {
    public static void main(String[] words) {
        Adapter.run(new Main());
    }

    @Override
    public Map<String, Object> info() {
        return Map.of(
                "control", 1,
                "name", "__NAME__",
                // yours: the version that is really loaded.
                "version", "0.0.0",
                "language", "Java",
                "protocol", "__PROTOCOL__",
                "roles", List.of("__ROLES__"),
                "bindings", List.of("__BINDINGS__"),
                // yours: what it can do beyond the basics; each opens more cases (docs/adapters.md, “Words of the protocols”): __FEATURES__.
                "features", List.of(),
                "concurrency", 8);
    }

    /** Tells Weir's report what is not written yet. */
    private static Refusal missing(String what) {
        return new Refusal("Main.java is yours to write: " + what);
    }

    // <client>
    /** Makes a client, and does not wait for its connection. */
    @Override
    public Client connect(Instance instance, Settings settings) {
        // yours: make it for settings.url(), with settings.timers() in ms and what settings.options() asks for.
        return new Client() {
            /** Starts a call and goes on at once. Kinds of calls: __KINDS__. */
            @Override
            public Running invoke(Call call) throws Refusal {
                // yours: start it, and tell what comes back: call.message, call.error, and call.end once, as the last. Then return what
                // can be done to it: a Running with what the library has of send, finish, cancel.
                throw missing("start a call of kind " + call.kind() + " to " + call.procedure() + " with a client for " + settings.url());
            }

            @Override
            public void dial() {
                // yours: begin to connect now, without a call; nothing is to be done where the library dials with its calls.
            }

            @Override
            public void close() {
                // yours: close the client for good.
                instance.log("closed, of which the library knows nothing yet");
            }
        };
    }

    // </client>
    // <server>
    /** Starts a server with the services that cases/__PROTOCOL__/services.yaml of the package describes. */
    @Override
    public Server serve(Instance instance, Settings settings) throws Refusal {
        // <listen>
        // yours: start it on a free port of the loopback, and return its URL and what stops it; tell with instance.handler what handlers
        // see, if that can be told.
        // </listen>
        // <broker>
        // yours: start it at the broker that is at settings.url(), all its names beginning with settings.params().get("space"), and
        // return what stops it; tell with instance.handler what handlers see, if that can be told.
        // </broker>
        throw missing("start the server " + instance.handle() + " for the binding " + settings.binding());
    }
    // </server>
}
