import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.RSocketErrorException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import weir.kit.Instance;
import weir.kit.Seen;

/** One run of a handler: what it is told, and what is told of it. As a subscriber it reads what a channel's requester sends. */
final class Handling extends BaseSubscriber<Payload> {
    final Services services;
    final RSocket peer;
    final Sinks.Many<Payload> out = Sinks.many().unicast().onBackpressureBuffer();
    Forms.Asked first;
    Consumer<Payload> onItem = item -> {};
    Runnable onInputComplete = () -> {};
    private final Instance instance;
    private String run;
    private boolean inOpen;
    private boolean outOpen = true;

    Handling(Services services, RSocket peer, Instance instance) {
        this.services = services;
        this.peer = peer;
        this.instance = instance;
    }

    /** Begins with a request that is all of its input, or none of its answer. */
    Flux<Payload> begin(Payload request, boolean answers) {
        outOpen = answers;
        return watched(carryOut(Forms.Asked.of(request)));
    }

    /** Begins with the first item of a channel; the handler says how many more it takes. */
    Flux<Payload> channel(Publisher<Payload> input) {
        inOpen = true;
        Flux.from(input).subscribe(this);
        return watched(out.asFlux());
    }

    private Flux<Payload> carryOut(Forms.Asked asked) {
        first = asked;
        Function<Handling, Flux<Payload>> service = asked.route() == null ? null : Services.ALL.get(asked.route());
        if (service == null) return Flux.error(new IllegalArgumentException("there is no route " + asked.route()));
        run = services.run(asked.route());
        tell("started", Forms.value(asked.data()), Forms.value(asked.own()));
        try {
            Flux<Payload> answer = service.apply(this);
            settle();
            return answer;
        } catch (RuntimeException raised) {
            over();
            throw raised;
        }
    }

    private Flux<Payload> watched(Flux<Payload> answer) {
        return answer.doOnCancel(() -> ended(lost() ? "disconnected" : "cancelled", null)).doOnTerminate(this::outEnded);
    }

    private synchronized void outEnded() {
        outOpen = false;
        settle();
    }

    /** The application wants no more items. */
    synchronized void stopInput() {
        inOpen = false;
        cancel();
        settle();
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        request(1);
    }

    @Override
    protected void hookOnNext(Payload payload) {
        if (first != null) {
            tell("request", Forms.value(Forms.data(payload)), Forms.value(Forms.metadata(payload)));
            onItem.accept(payload);
            return;
        }
        try {
            carryOut(Forms.Asked.of(payload)).subscribe(out::tryEmitNext, out::tryEmitError, out::tryEmitComplete);
        } catch (RuntimeException raised) {
            out.tryEmitError(raised);
        }
    }

    @Override
    protected synchronized void hookOnComplete() {
        tell("requests-closed", null, null);
        inOpen = false;
        onInputComplete.run();
        settle();
    }

    @Override
    protected void hookOnError(Throwable error) {
        if (error instanceof RSocketErrorException told) ended("requests-failed", Forms.code(told));
        else ended(lost() ? "disconnected" : "cancelled", null);
    }

    private boolean lost() {
        return peer.isDisposed();
    }

    private synchronized void ended(String event, String code) {
        if (!inOpen && !outOpen) return;
        tell(event, code, null);
        over();
    }

    private synchronized void over() {
        inOpen = false;
        outOpen = false;
        settle();
    }

    private synchronized void settle() {
        if (inOpen || outOpen || run == null) return;
        tell("finished", null, null);
        run = null;
    }

    private void tell(String event, Object value, Object metadata) {
        if (run != null) instance.handler(new Seen(null, first.route(), run, event, value, metadata));
    }
}
