import io.netty.buffer.Unpooled;
import io.rsocket.RSocket;
import io.rsocket.RSocketErrorException;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketConnector;
import io.rsocket.core.RSocketServer;
import io.rsocket.core.Resume;
import io.rsocket.core.LeaseSpec;
import io.rsocket.exceptions.RejectedSetupException;
import io.rsocket.lease.Lease;
import io.rsocket.transport.ClientTransport;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.client.WebsocketClientTransport;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.transport.netty.server.WebsocketServerTransport;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;
import weir.kit.Adapter;
import weir.kit.Call;
import weir.kit.Client;
import weir.kit.Instance;
import weir.kit.Running;
import weir.kit.Server;
import weir.kit.Settings;
import weir.kit.rsocket.Item;
import weir.kit.rsocket.Services;

/**
 * Weir adapter for rsocket-java (rsocket-core and its transport for Reactor Netty). See docs/adapters.md.
 *
 * <p>It does what an application would do with the library's public API, and reports what that application would see.
 *
 * <ul>
 *   <li>An exception of the library with a code is an ERROR frame: its code keeps its name, or its number. The one that it makes up itself
 *       where the other end was silent, and every IOException, say that the connection could not be had, or is gone: CLOSED.
 *   <li>The library tells a handler of a lost connection as of a cancel; which it is the connection itself says.
 *   <li>{@code fragment} counts the three bytes of the length before a frame.
 * </ul>
 */
final class Main implements Adapter {
    /** Where calls begin: those that waited for a connection, and those that find one, go out in the order in which they were asked for. */
    private static final Scheduler ORDER = Schedulers.single();

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
                "response-metadata", "keepalive-timeout", "error-codes", "client-error-codes", "channel-failure");
        return Map.of(
                "control", 1, "name", "rsocket-java", "version", version, "language", "Java", "protocol", "rsocket",
                "roles", List.of("client", "server"), "bindings", List.of("tcp", "websocket"), "features", features, "concurrency", 8);
    }

    @Override
    public Client connect(Instance instance, Settings settings) {
        URI url = URI.create(settings.url());
        ClientTransport transport = settings.binding().equals("tcp")
                ? TcpClientTransport.create(url.getHost(), url.getPort())
                : WebsocketClientTransport.create(url);
        Map<String, Object> options = settings.options();
        RSocketConnector connector = RSocketConnector.create()
                .keepAlive(ms(settings, "keepaliveMs"), ms(settings, "lifetimeMs"))
                .metadataMimeType((String) options.getOrDefault("metadataMime", "message/x.rsocket.composite-metadata.v0"))
                .dataMimeType((String) options.getOrDefault("dataMime", "application/octet-stream"))
                .setupPayload(Forms.payload(Item.of(options.get("setupData"), options.get("setupMetadata"))))
                .acceptor(acceptor(new Services(instance, settings), server -> {}));
        number(settings, "fragmentSize", size -> connector.fragment(size + 3));
        number(settings, "leaseRequests", n -> connector.lease(lease -> grant(lease, settings, n)));
        if (Boolean.TRUE.equals(options.get("resume"))) {
            byte[] token = Item.bytes(options.getOrDefault("token", UUID.randomUUID().toString()));
            connector.resume(resume(settings)
                    .token(() -> Unpooled.wrappedBuffer(token))
                    .retry(Retry.fixedDelay(Long.MAX_VALUE, ms(settings, "reconnectIntervalMs"))));
        }
        Mono<RSocket> connection = connector.connect(transport).doOnNext(rsocket -> {
            instance.status("connected");
            rsocket.onClose().subscribe(nothing -> {}, error -> closed(instance, error), () -> closed(instance, null));
        }).publishOn(ORDER).cache();
        return new Client() {
            @Override
            public void dial() {
                connection.subscribe(rsocket -> {}, error -> closed(instance, error));
            }

            @Override
            public Running invoke(Call call) {
                return Requester.start(call, connection.subscribeOn(ORDER));
            }

            @Override
            public void close() {
                connection.subscribe(RSocket::dispose, error -> {});
            }
        };
    }

    private static void closed(Instance instance, Throwable error) {
        if (error instanceof RSocketErrorException && !Forms.code(error).equals("CLOSED")) instance.status("refused", Forms.code(error));
        instance.status("closed", error == null ? null : String.valueOf(error.getMessage()));
    }

    @Override
    public Server serve(Instance instance, Settings settings) {
        List<RSocket> connections = new CopyOnWriteArrayList<>();
        Sinks.Many<RSocket> accepted = Sinks.many().replay().all();
        RSocketServer server = RSocketServer.create(acceptor(new Services(instance, settings), client -> {
            accepted.tryEmitNext(client);
            connections.add(client);
            instance.status("connected");
            client.onClose().subscribe(nothing -> {}, error -> instance.status("disconnected"), () -> instance.status("disconnected"));
        }));
        number(settings, "fragmentSize", size -> server.fragment(size + 3));
        number(settings, "leaseRequests", n -> server.lease(lease -> grant(lease, settings, n)));
        if (Boolean.TRUE.equals(settings.options().get("resume"))) server.resume(resume(settings));
        boolean tcp = settings.binding().equals("tcp");
        CloseableChannel listening = tcp
                ? server.bindNow(TcpServerTransport.create("127.0.0.1", 0))
                : server.bindNow(WebsocketServerTransport.create("127.0.0.1", 0));
        return new Server() {
            @Override
            public String url() {
                return (tcp ? "tcp" : "ws") + "://127.0.0.1:" + listening.address().getPort();
            }

            @Override
            public Running invoke(Call call) {
                RSocket newest = connections.isEmpty() ? null : connections.get(connections.size() - 1);
                if (call.to() == null && newest != null) return Requester.start(call, Mono.just(newest).subscribeOn(ORDER));
                return Requester.start(call, accepted.asFlux().elementAt(call.to() == null ? 0 : call.to()).publishOn(ORDER).subscribeOn(ORDER));
            }

            @Override
            public void stop(String how) {
                connections.forEach(RSocket::dispose);
                listening.dispose();
            }
        };
    }

    /** Decides about a SETUP, then answers; whoever is accepted is given first. */
    private static SocketAcceptor acceptor(Services services, Consumer<RSocket> accepted) {
        return (setup, remote) -> {
            Services.Admission admission = services.admission(setup.getDataUtf8());
            Mono<RSocket> answer = admission.refused()
                    ? Mono.error(new RejectedSetupException("refused"))
                    : Mono.fromCallable(() -> {
                        accepted.accept(remote);
                        return new Responder(services, remote);
                    });
            return admission.afterMs() == 0 ? answer : Mono.delay(Duration.ofMillis(admission.afterMs())).then(answer);
        };
    }

    private static Resume resume(Settings settings) {
        return new Resume().sessionDuration(ms(settings, "resumeExpiryMs"));
    }

    /** Grants so many requests, once. */
    private static void grant(LeaseSpec lease, Settings settings, int requests) {
        lease.sender(() -> Flux.just(Lease.create(ms(settings, "leaseTtlMs"), requests)));
    }

    private static Duration ms(Settings settings, String timer) {
        return Duration.ofMillis(Math.round(settings.timers().get(timer)));
    }

    private static void number(Settings settings, String option, Consumer<Integer> then) {
        if (settings.options().get(option) instanceof Double number) then.accept(number.intValue());
    }
}
