import io.rsocket.Payload;
import io.rsocket.RSocket;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import weir.kit.Call;
import weir.kit.Running;
import weir.kit.rsocket.Asking;
import weir.kit.rsocket.Item;

/** A call as the library makes it. */
final class Requester extends BaseSubscriber<Payload> implements Asking.Asked {
    /** Where calls begin: those that waited for a connection, and those that find one, go out in the order in which they were asked for. */
    static final Scheduler ORDER = Schedulers.single();

    private final Asking asking;

    private Requester(Asking asking) {
        this.asking = asking;
    }

    /** Makes a call on a connection, once it is there. */
    static Running start(Call call, Mono<RSocket> given) {
        Mono<RSocket> connection = given.subscribeOn(ORDER);
        Payload request = Forms.request(call.procedure(), Item.of(call.value(), call.metadata()));
        if (call.kind().equals("metadata-push") || call.kind().equals("fire-and-forget")) {
            connection
                    .flatMap(rsocket -> call.kind().equals("metadata-push")
                            ? rsocket.metadataPush(Forms.payload(Item.of(null, call.metadata())))
                            : rsocket.fireAndForget(request))
                    .subscribe(nothing -> {}, failed -> {});
            return null;
        }
        Requester requester = new Requester(new Asking(call));
        Outbox out = call.kind().equals("request-channel") ? new Outbox() : null;
        if (out != null) out.next(request);
        Flux<Payload> answer = connection.flatMapMany(rsocket -> switch (call.kind()) {
            case "request-response" -> rsocket.requestResponse(request);
            case "request-stream" -> rsocket.requestStream(request);
            default -> rsocket.requestChannel(out.flux().doFinally(signal -> requester.asking.sent()));
        });
        answer.subscribe(requester);
        return requester.asking.running(requester, out);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        request(asking.credit());
    }

    @Override
    protected void hookOnNext(Payload payload) {
        asking.item(Forms.item(payload));
    }

    @Override
    protected void hookOnComplete() {
        asking.completed();
    }

    @Override
    protected void hookOnError(Throwable error) {
        asking.failed(Forms.told(error));
    }
}
