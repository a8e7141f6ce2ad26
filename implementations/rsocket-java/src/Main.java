import java.util.List;
import java.util.Map;
import weir.kit.Adapter;
import weir.kit.Client;
import weir.kit.Instance;
import weir.kit.Server;
import weir.kit.Settings;

/**
 * Weir adapter for rsocket-java (rsocket-core and its transport for Reactor Netty). See docs/adapters.md.
 *
 * <p>It does what an application would do with the library's public API, and reports what that application would see.
 *
 * <ul>
 *   <li>An exception of the library with a code is an ERROR frame: its code keeps its name, or its number. The one that it makes up itself
 *       where the other end was silent, and every IOException, say that the connection could not be had, or is gone: CLOSED.
 *   <li>The library tells a handler of a lost connection as of a cancel; which it is the connection itself says.
 * </ul>
 */
final class Main implements Adapter {
    private final String version;

    private Main(String version) {
        this.version = version;
    }

    public static void main(String[] words) {
        Adapter.run(new Main(words[0]));
    }

    @Override
    public Map<String, Object> info() {
        List<String> features = List.of(
                "resume", "lease", "fragmentation", "metadata-push", "server-calls", "client-handlers", "credit",
                "response-metadata", "keepalive-timeout", "error-codes", "client-error-codes", "channel-failure", "empty-completion");
        return Map.of(
                "control", 1, "name", "rsocket-java", "version", version, "language", "Java", "protocol", "rsocket",
                "roles", List.of("client", "server"), "bindings", List.of("tcp", "websocket"), "features", features, "concurrency", 8);
    }

    @Override
    public Client connect(Instance instance, Settings settings) {
        return Dialled.of(instance, settings);
    }

    @Override
    public Server serve(Instance instance, Settings settings) {
        return new Listening(instance, settings);
    }
}
