import io.rsocket.RSocket;
import io.rsocket.core.RSocketServer;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.transport.netty.server.WebsocketServerTransport;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import weir.kit.Call;
import weir.kit.Instance;
import weir.kit.Running;
import weir.kit.Server;
import weir.kit.Settings;
import weir.kit.rsocket.Services;

/** A server of the library, and those who connected to it. */
final class Listening implements Server {
    private final Instance instance;
    private final List<RSocket> connections = new CopyOnWriteArrayList<>();
    private final Sinks.Many<RSocket> accepted = Sinks.many().replay().all();
    private final boolean tcp;
    private final CloseableChannel channel;

    Listening(Instance instance, Settings settings) {
        this.instance = instance;
        RSocketServer server = RSocketServer.create(new Acceptor(new Services(instance, settings), this::accept));
        Options told = new Options(settings);
        told.fragmentSize(server::fragment);
        told.lease(server::lease);
        if (told.resumes()) server.resume(told.resume());
        tcp = settings.binding().equals("tcp");
        channel = tcp
                ? server.bindNow(TcpServerTransport.create("127.0.0.1", 0))
                : server.bindNow(WebsocketServerTransport.create("127.0.0.1", 0));
    }

    private void accept(RSocket client) {
        accepted.tryEmitNext(client);
        connections.add(client);
        instance.status("connected");
        client.onClose().subscribe(nothing -> {}, error -> instance.status("disconnected"), () -> instance.status("disconnected"));
    }

    @Override
    public String url() {
        return (tcp ? "tcp" : "ws") + "://127.0.0.1:" + channel.address().getPort();
    }

    @Override
    public Running invoke(Call call) {
        RSocket newest = connections.isEmpty() ? null : connections.get(connections.size() - 1);
        if (call.to() == null && newest != null) return Requester.start(call, Mono.just(newest));
        return Requester.start(call, accepted.asFlux().elementAt(call.to() == null ? 0 : call.to()).publishOn(Requester.ORDER));
    }

    @Override
    public void stop(String how) {
        connections.forEach(RSocket::dispose);
        channel.dispose();
    }
}
