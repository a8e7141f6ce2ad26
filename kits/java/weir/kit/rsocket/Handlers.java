package weir.kit.rsocket;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** What each service does. */
final class Handlers {
    private static final int PAUSE_MS = 50;
    private static final int ALL_OF_THEM = Integer.MAX_VALUE;

    static final Map<String, Consumer<Run>> ALL = Map.ofEntries(
            Map.entry("echo", run -> run.one(run.first)),
            Map.entry("empty", run -> run.one(Item.of(null))),
            Map.entry("nothing", run -> run.out.complete()),
            Map.entry("error", run -> run.fail(Codes.told(run.first.text()))),
            Map.entry("raise", run -> raise(run.first.text())),
            Map.entry("never", run -> {}),
            Map.entry("twice", run -> {
                run.send("first");
                run.one(Item.of("second"));
            }),
            Map.entry("slow", run -> run.services.after(run.first.number(), () -> run.one(run.first))),
            Map.entry("count", run -> run.one(Item.of(run.services.counter.addAndGet(run.first.number())))),
            Map.entry("logged", run -> run.one(Item.of(String.join(",", run.services.log)))),
            Map.entry("log", run -> run.services.log.add(run.first.text())),
            Map.entry("log-raise", run -> {
                run.services.log.add(run.first.text());
                raise("the handler failed");
            }),
            Map.entry("call-back", Handlers::callBack),
            Map.entry("push-back", run -> {
                run.peer.push(run.first.data());
                run.one(Item.of(null));
            }),
            Map.entry("ticks", run -> run.out.items(run.first.number(), Item::of)),
            Map.entry("ticks-slow", run -> slowTicks(run, 1)),
            Map.entry("ticks-metadata", run -> run.out.items(run.first.number(), i -> Item.of(i, "m" + i))),
            Map.entry("ticks-blocks", run -> {
                String[] words = run.first.text().split(" ");
                int size = words.length > 1 ? Math.max(0, Item.number(words[1])) : 0;
                run.out.items(run.first.number(), i -> Item.of(String.valueOf(i % 10).repeat(size)));
            }),
            Map.entry("ticks-error", run -> {
                String[] words = run.first.text().split(" ", 2);
                ticks(run, words[0], Item::of);
                run.fail(Codes.told(words.length > 1 ? words[1] : ""));
            }),
            Map.entry("ticks-open", run -> ticks(run, run.first.text(), Item::of)),
            Map.entry("channel-echo", run -> echo(run, ALL_OF_THEM, 0)),
            Map.entry("channel-one-by-one", run -> echo(run, 1, 1)),
            Map.entry("channel-sum", Handlers::sum),
            Map.entry("channel-first", run -> {
                run.one(run.first);
                run.out.ask(ALL_OF_THEM);
            }),
            Map.entry("channel-stop", run -> {
                run.out.next(run.first);
                run.stopInput();
                run.out.complete();
            }),
            Map.entry("channel-error", run -> {
                run.out.next(run.first);
                run.onItem = item -> run.fail(Codes.told(item.text()));
                run.out.ask(ALL_OF_THEM);
            }),
            Map.entry("channel-withhold", run -> {}));

    private Handlers() {}

    private static void raise(String text) {
        throw new IllegalStateException(text);
    }

    private static void ticks(Run run, String count, IntFunction<Item> make) {
        for (int i = 1; i <= Item.number(count) && !run.isLeft(); i += 1) run.out.next(make.apply(i));
    }

    /** Items are made whether or not there is credit, and wait for it. */
    private static void slowTicks(Run run, int i) {
        if (run.isLeft()) return;
        if (i > run.first.number()) {
            run.out.complete();
            return;
        }
        run.send(i);
        run.services.after(PAUSE_MS, () -> slowTicks(run, i + 1));
    }

    private static void callBack(Run run) {
        run.onLeft = run.peer.echo(run.first, (answer, error) -> {
            if (error != null) run.fail(Codes.told("APPLICATION_ERROR " + error.code() + " " + error.message()));
            else if (answer == null) run.out.complete();
            else run.one(answer);
        });
    }

    private static void echo(Run run, int n, int more) {
        run.out.next(run.first);
        run.onItem = item -> {
            run.out.next(item);
            if (more > 0) run.out.ask(more);
        };
        run.onInputComplete = () -> run.out.complete();
        run.out.ask(n);
    }

    private static void sum(Run run) {
        AtomicInteger sum = new AtomicInteger(run.first.number());
        run.onItem = item -> sum.addAndGet(item.number());
        run.onInputComplete = () -> run.one(Item.of(sum.get()));
        run.out.ask(ALL_OF_THEM);
    }
}
