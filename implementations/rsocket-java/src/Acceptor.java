import io.rsocket.ConnectionSetupPayload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.exceptions.RejectedSetupException;
import java.time.Duration;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import weir.kit.rsocket.Services;

/** Decides about a SETUP, then answers; whoever is accepted is given first. */
record Acceptor(Services services, Consumer<RSocket> accepted) implements SocketAcceptor {
    @Override
    public Mono<RSocket> accept(ConnectionSetupPayload setup, RSocket remote) {
        Services.Admission admission = services.admission(setup.getDataUtf8());
        Mono<RSocket> answer = admission.refused()
                ? Mono.error(new RejectedSetupException("refused"))
                : Mono.fromCallable(() -> {
                    accepted.accept(remote);
                    return new Responder(services, remote);
                });
        return admission.afterMs() == 0 ? answer : Mono.delay(Duration.ofMillis(admission.afterMs())).then(answer);
    }
}
