import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.exceptions.RejectedSetupException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import weir.kit.Instance;
import weir.kit.Seen;
import weir.kit.Settings;

/** The standard test services (cases/rsocket/services.yaml) of one instance, whose state is fresh. */
final class Services {
    private static final Pattern WAIT = Pattern.compile("wait-(\\d+)-(.*)", Pattern.DOTALL);

    /** What each handler does. A channel's sends through `out`, and never ends what it gives. */
    static final Map<String, Function<Handling, Flux<Payload>>> ALL = Map.ofEntries(
            Map.entry("echo", h -> Flux.just(h.first.payload())),
            Map.entry("empty", h -> Flux.just(Forms.payload(null, null))),
            Map.entry("nothing", h -> Flux.empty()),
            Map.entry("error", h -> failed(h.first.text())),
            Map.entry("raise", h -> raise(h.first.text())),
            Map.entry("never", h -> Flux.never()),
            Map.entry("twice", h -> Flux.just(Forms.payload("first", null), Forms.payload("second", null))),
            Map.entry("slow", h -> Flux.just(h.first.payload()).delaySequence(h.services.scaled(count(h.first.text())))),
            Map.entry("count", h -> Flux.just(text(h.services.counter.addAndGet(count(h.first.text()))))),
            Map.entry("logged", h -> Flux.just(text(String.join(",", h.services.log)))),
            Map.entry("log", h -> h.services.logged(h.first.text())),
            Map.entry("log-raise", h -> h.services.logged(h.first.text()).concatWith(raise("the handler failed"))),
            Map.entry("call-back", h -> h.peer
                    .requestResponse(Forms.request("echo", h.first.data(), h.first.own()))
                    .flux()
                    .onErrorMap(error -> Forms.error("APPLICATION_ERROR", Forms.code(error) + " " + error.getMessage()))),
            Map.entry("push-back", h -> {
                h.peer.metadataPush(Forms.payload(null, h.first.data())).subscribe(nothing -> {}, failed -> {});
                return Flux.just(text(""));
            }),
            Map.entry("ticks", h -> ticks(h.first.text())),
            Map.entry("ticks-slow", h -> slowTicks(h)),
            Map.entry("ticks-metadata", h -> Flux.range(1, count(h.first.text())).map(i -> Forms.payload(i, "m" + i))),
            Map.entry("ticks-blocks", h -> {
                String[] words = h.first.text().split(" ");
                return Flux.range(1, count(words[0])).map(i -> text(String.valueOf(i % 10).repeat(count(words[1]))));
            }),
            Map.entry("ticks-error", h -> {
                String[] words = h.first.text().split(" ", 2);
                return ticks(words[0]).concatWith(failed(words.length > 1 ? words[1] : ""));
            }),
            Map.entry("ticks-open", h -> ticks(h.first.text()).concatWith(Flux.never())),
            Map.entry("channel-echo", h -> echo(h, Integer.MAX_VALUE, 0)),
            Map.entry("channel-one-by-one", h -> echo(h, 1, 1)),
            Map.entry("channel-sum", h -> {
                AtomicInteger sum = new AtomicInteger(count(h.first.text()));
                h.onItem = item -> sum.addAndGet(count(item.getDataUtf8()));
                h.onInputComplete = () -> {
                    h.out.tryEmitNext(text(sum.get()));
                    h.out.tryEmitComplete();
                };
                h.request(Integer.MAX_VALUE);
                return Flux.never();
            }),
            Map.entry("channel-first", h -> {
                h.out.tryEmitNext(h.first.payload());
                h.out.tryEmitComplete();
                h.request(Integer.MAX_VALUE);
                return Flux.never();
            }),
            Map.entry("channel-stop", h -> {
                h.out.tryEmitNext(h.first.payload());
                h.stopInput();
                h.out.tryEmitComplete();
                return Flux.never();
            }),
            Map.entry("channel-error", h -> {
                h.out.tryEmitNext(h.first.payload());
                h.onItem = item -> h.out.tryEmitError(told(item.getDataUtf8()));
                h.request(Integer.MAX_VALUE);
                return Flux.never();
            }),
            Map.entry("channel-withhold", h -> Flux.never()));

    private final Instance instance;
    private final double timeScale;
    private final AtomicInteger counter = new AtomicInteger();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();

    Services(Instance instance, Settings settings) {
        this.instance = instance;
        this.timeScale = settings.options().get("timeScale") instanceof Double scale ? scale : 1;
    }

    /** The number of a new run of a handler. */
    String run(String route) {
        return String.valueOf(runs.computeIfAbsent(route, name -> new AtomicInteger()).incrementAndGet());
    }

    /** Decides about a SETUP, then answers; whoever is accepted is given first. */
    SocketAcceptor acceptor(java.util.function.Consumer<RSocket> accepted) {
        return (setup, remote) -> {
            String data = setup.getDataUtf8();
            long ms = 0;
            for (Matcher wait = WAIT.matcher(data); wait.matches(); wait = WAIT.matcher(data)) {
                ms += Long.parseLong(wait.group(1));
                data = wait.group(2);
            }
            if (data.equals("refuse")) return Mono.delay(scaled(ms)).then(Mono.error(new RejectedSetupException("refused")));
            Mono<RSocket> answer = Mono.fromCallable(() -> {
                accepted.accept(remote);
                return responder(remote);
            });
            return ms == 0 ? answer : Mono.delay(scaled(ms)).then(answer);
        };
    }

    /** Answers calls of one other end. */
    private RSocket responder(RSocket remote) {
        return new RSocket() {
            private Handling handling() {
                return new Handling(Services.this, remote, instance);
            }

            @Override
            public Mono<Void> fireAndForget(Payload request) {
                return handling().begin(request, false).then();
            }

            @Override
            public Mono<Payload> requestResponse(Payload request) {
                return handling().begin(request, true).next();
            }

            @Override
            public Flux<Payload> requestStream(Payload request) {
                return handling().begin(request, true);
            }

            @Override
            public Flux<Payload> requestChannel(Publisher<Payload> input) {
                return handling().channel(input);
            }

            @Override
            public Mono<Void> metadataPush(Payload pushed) {
                Object metadata = Forms.value(Forms.metadata(pushed));
                instance.handler(new Seen(null, "metadata-push", run("metadata-push"), "started", null, metadata));
                return Mono.empty();
            }
        };
    }

    private Duration scaled(double ms) {
        return Duration.ofNanos(Math.round(ms * timeScale * 1e6));
    }

    private Flux<Payload> logged(String text) {
        log.add(text);
        return Flux.empty();
    }

    private static Flux<Payload> echo(Handling h, int n, int more) {
        h.out.tryEmitNext(h.first.payload());
        h.onItem = item -> {
            h.out.tryEmitNext(Forms.payload(Forms.data(item), Forms.metadata(item)));
            if (more > 0) h.request(more);
        };
        h.onInputComplete = h.out::tryEmitComplete;
        h.request(n);
        return Flux.never();
    }

    private static Payload text(Object text) {
        return Forms.payload(text, null);
    }

    private static Flux<Payload> ticks(String count) {
        return Flux.range(1, count(count)).map(Services::text);
    }

    /** Items are made whether or not there is credit, and wait for it. */
    private static Flux<Payload> slowTicks(Handling h) {
        int count = count(h.first.text());
        return Flux.interval(Duration.ZERO, h.services.scaled(50)).onBackpressureBuffer().take(count + 1L).skipLast(1).map(i -> text(i + 1));
    }

    private static RuntimeException told(String told) {
        String[] words = told.split(" ", 2);
        return Forms.isCode(words[0])
                ? Forms.error(words[0], words.length > 1 ? words[1] : "")
                : Forms.error("APPLICATION_ERROR", told);
    }

    private static Flux<Payload> failed(String told) {
        return Flux.error(told(told));
    }

    private static Flux<Payload> raise(String text) {
        throw new IllegalStateException(text);
    }

    private static int count(String text) {
        try {
            return (int) Double.parseDouble(text.split(" ")[0]);
        } catch (NumberFormatException none) {
            return 0;
        }
    }
}
