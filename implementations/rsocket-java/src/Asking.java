import io.rsocket.Payload;
import io.rsocket.RSocket;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import weir.kit.Call;
import weir.kit.Running;
import weir.kit.Told;

/** A call as its requester sees it. A channel is over when both its directions are. */
final class Asking extends BaseSubscriber<Payload> {
    private final Call call;
    private final Sinks.Many<Payload> out = Sinks.many().unicast().onBackpressureBuffer();
    private boolean inOpen = true;
    private boolean outOpen;
    private boolean told;

    private Asking(Call call) {
        this.call = call;
        this.outOpen = call.kind().equals("request-channel");
    }

    /** Makes a call on a connection, once it is there. */
    static Running start(Call call, Mono<RSocket> connection) {
        Payload request = Forms.request(call.procedure(), call.value(), call.metadata());
        if (call.kind().equals("metadata-push") || call.kind().equals("fire-and-forget")) {
            connection
                    .flatMap(rsocket -> call.kind().equals("metadata-push")
                            ? rsocket.metadataPush(Forms.payload(null, Forms.bytes(call.metadata())))
                            : rsocket.fireAndForget(request))
                    .subscribe(nothing -> {}, failed -> {});
            return null;
        }
        Asking asking = new Asking(call);
        if (asking.outOpen) asking.out.tryEmitNext(request);
        Flux<Payload> outbound = asking.out.asFlux().doFinally(signal -> asking.outEnded());
        Flux<Payload> answer = connection.flatMapMany(rsocket -> switch (call.kind()) {
            case "request-response" -> rsocket.requestResponse(request);
            case "request-stream" -> rsocket.requestStream(request);
            default -> rsocket.requestChannel(outbound);
        });
        answer.subscribe(asking);
        return asking.running();
    }

    private Running running() {
        return new Running() {
            @Override
            public void send(Object value, Object metadata) throws Exception {
                if (!call.kind().equals("request-channel")) Running.super.send(value, metadata);
                out.tryEmitNext(Forms.payload(value, metadata));
            }

            @Override
            public void credit(int n) {
                request(n);
            }

            @Override
            public void finish(Object metadata, Told error) throws Exception {
                if (!call.kind().equals("request-channel")) Running.super.finish(metadata, error);
                if (error == null) {
                    out.tryEmitComplete();
                } else {
                    end();
                    out.tryEmitError(Forms.error(error.code(), error.message()));
                }
            }

            @Override
            public void cancel() {
                end();
                Asking.this.cancel();
            }
        };
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        request(call.credit() == null ? Integer.MAX_VALUE : call.credit());
    }

    @Override
    protected void hookOnNext(Payload payload) {
        call.message(Forms.value(Forms.data(payload)), Forms.value(Forms.metadata(payload)));
    }

    @Override
    protected synchronized void hookOnComplete() {
        inOpen = false;
        settle();
    }

    @Override
    protected synchronized void hookOnError(Throwable error) {
        if (told) return;
        call.error(Forms.code(error), String.valueOf(error.getMessage()));
        end();
    }

    private synchronized void outEnded() {
        outOpen = false;
        settle();
    }

    private void settle() {
        if (!inOpen && !outOpen) end();
    }

    /** What the application ends is over at once. */
    private synchronized void end() {
        if (told) return;
        told = true;
        call.end();
    }
}
