import io.rsocket.Payload;
import java.util.function.IntFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import weir.kit.Told;
import weir.kit.rsocket.Item;
import weir.kit.rsocket.Way;

/** What is sent on a stream: items wait in it until the library takes them. */
class Outbox implements Way {
    private final Sinks.Many<Payload> sink = Sinks.many().unicast().onBackpressureBuffer();
    private Flux<Payload> made;

    /** What the library subscribes to, once the handler began. */
    Flux<Payload> flux() {
        return made == null ? sink.asFlux() : made;
    }

    void next(Payload payload) {
        sink.tryEmitNext(payload);
    }

    @Override
    public void next(Item item) {
        next(Forms.payload(item));
    }

    @Override
    public void complete() {
        sink.tryEmitComplete();
    }

    @Override
    public void fail(Told error) {
        sink.tryEmitError(Forms.error(error));
    }

    @Override
    public void items(int count, IntFunction<Item> make) {
        made = Flux.range(1, count).map(i -> Forms.payload(make.apply(i)));
    }
}
