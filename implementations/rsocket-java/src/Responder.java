import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.RSocketErrorException;
import java.util.function.BiConsumer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import weir.kit.Told;
import weir.kit.rsocket.Item;
import weir.kit.rsocket.Peer;
import weir.kit.rsocket.Run;
import weir.kit.rsocket.Services;
import weir.kit.rsocket.Way;

/** Answers calls of one other end with the standard services. */
record Responder(Services services, RSocket remote) implements RSocket, Peer {
    private Run begin(String kind, Payload request) {
        Forms.Routed routed = Forms.Routed.of(request);
        return services.begin(kind, routed.route(), routed.first(), this);
    }

    @Override
    public Mono<Void> fireAndForget(Payload request) {
        begin("fire-and-forget", request).serve(new Outbox());
        return Mono.empty();
    }

    @Override
    public Mono<Payload> requestResponse(Payload request) {
        Run run = begin("request-response", request);
        Answer answer = new Answer();
        run.serve(answer);
        return answer.sink.asMono().doOnCancel(() -> left(run)).doOnTerminate(run::sent);
    }

    @Override
    public Flux<Payload> requestStream(Payload request) {
        Run run = begin("request-stream", request);
        Outbox out = new Outbox();
        run.serve(out);
        return out.flux().doOnCancel(() -> left(run)).doOnTerminate(run::sent);
    }

    @Override
    public Flux<Payload> requestChannel(Publisher<Payload> input) {
        Channel channel = new Channel();
        Flux.from(input).subscribe(channel);
        return channel.out.flux().doOnCancel(() -> channel.with(this::left)).doOnTerminate(() -> channel.with(Run::sent));
    }

    @Override
    public Mono<Void> metadataPush(Payload pushed) {
        services.pushed(Forms.item(pushed).metadata());
        return Mono.empty();
    }

    /** The library tells of a lost connection as of a cancel. */
    private void left(Run run) {
        run.ended(remote.isDisposed() ? "disconnected" : "cancelled", null);
    }

    /** The one answer of a request-response. */
    private static final class Answer implements Way {
        final Sinks.One<Payload> sink = Sinks.one();

        @Override
        public void next(Item item) {
            sink.tryEmitValue(Forms.payload(item));
        }

        @Override
        public void complete() {
            sink.tryEmitEmpty();
        }

        @Override
        public void fail(Told error) {
            sink.tryEmitError(Forms.error(error));
        }
    }

    /** A channel: its route is in its first item. */
    private final class Channel extends BaseSubscriber<Payload> {
        Run run;
        final Outbox out = new Outbox() {
            @Override
            public void ask(int n) {
                request(n);
            }

            @Override
            public void stopInput() {
                cancel();
            }
        };

        void with(java.util.function.Consumer<Run> act) {
            if (run != null) act.accept(run);
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(1);
        }

        @Override
        protected void hookOnNext(Payload payload) {
            if (run != null) {
                run.item(Forms.item(payload));
                return;
            }
            try {
                run = begin("request-channel", payload);
                run.serve(out);
            } catch (RuntimeException raised) {
                out.fail(new Told("APPLICATION_ERROR", raised.getMessage()));
            }
        }

        @Override
        protected void hookOnComplete() {
            with(Run::inputComplete);
        }

        @Override
        protected void hookOnError(Throwable error) {
            if (error instanceof RSocketErrorException) with(told -> told.ended("requests-failed", Forms.code(error)));
            else with(Responder.this::left);
        }
    }

    @Override
    public void push(byte[] metadata) {
        remote.metadataPush(Forms.payload(new Item(new byte[0], metadata))).subscribe(nothing -> {}, failed -> {});
    }

    @Override
    public Runnable echo(Item item, BiConsumer<Item, Told> answered) {
        Disposable asked = remote.requestResponse(Forms.request("echo", item))
                .map(Forms::item)
                .subscribe(answer -> answered.accept(answer, null), error -> answered.accept(null, Forms.told(error)), () -> answered.accept(null, null));
        return asked::dispose;
    }
}
