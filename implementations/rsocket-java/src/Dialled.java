import io.netty.buffer.Unpooled;
import io.rsocket.RSocket;
import io.rsocket.RSocketErrorException;
import io.rsocket.core.RSocketConnector;
import io.rsocket.transport.ClientTransport;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.client.WebsocketClientTransport;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import weir.kit.Call;
import weir.kit.Client;
import weir.kit.Instance;
import weir.kit.Running;
import weir.kit.Settings;
import weir.kit.rsocket.Item;
import weir.kit.rsocket.Services;

/** A client of the library, which dials when it is told to, or called. */
record Dialled(Instance instance, Mono<RSocket> connection) implements Client {
    static Dialled of(Instance instance, Settings settings) {
        Mono<RSocket> connection = connector(instance, settings).connect(transport(settings)).doOnNext(rsocket -> {
            instance.status("connected");
            rsocket.onClose().subscribe(nothing -> {}, error -> closed(instance, error), () -> closed(instance, null));
        });
        return new Dialled(instance, connection.publishOn(Requester.ORDER).cache());
    }

    private static ClientTransport transport(Settings settings) {
        URI url = URI.create(settings.url());
        return settings.binding().equals("tcp")
                ? TcpClientTransport.create(url.getHost(), url.getPort())
                : WebsocketClientTransport.create(url);
    }

    private static RSocketConnector connector(Instance instance, Settings settings) {
        Map<String, Object> options = settings.options();
        Options told = new Options(settings);
        RSocketConnector connector = RSocketConnector.create()
                .keepAlive(told.ms("keepaliveMs"), told.ms("lifetimeMs"))
                .metadataMimeType((String) options.getOrDefault("metadataMime", "message/x.rsocket.composite-metadata.v0"))
                .dataMimeType((String) options.getOrDefault("dataMime", "application/octet-stream"))
                .setupPayload(Forms.payload(Item.of(options.get("setupData"), options.get("setupMetadata"))))
                .acceptor(new Acceptor(new Services(instance, settings), server -> {}));
        told.fragmentSize(connector::fragment);
        told.lease(connector::lease);
        if (told.resumes()) {
            byte[] token = Item.bytes(options.getOrDefault("token", UUID.randomUUID().toString()));
            connector.resume(told.resume()
                    .token(() -> Unpooled.wrappedBuffer(token))
                    .retry(Retry.fixedDelay(Long.MAX_VALUE, told.ms("reconnectIntervalMs"))));
        }
        return connector;
    }

    private static void closed(Instance instance, Throwable error) {
        if (error instanceof RSocketErrorException && !Forms.code(error).equals("CLOSED")) instance.status("refused", Forms.code(error));
        instance.status("closed", error == null ? null : String.valueOf(error.getMessage()));
    }

    @Override
    public void dial() {
        connection.subscribe(rsocket -> {}, error -> closed(instance, error));
    }

    @Override
    public Running invoke(Call call) {
        return Requester.start(call, connection);
    }

    @Override
    public void close() {
        connection.subscribe(RSocket::dispose, error -> {});
    }
}
