package weir.kit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Carries out what is about one handle in order, and what is about others beside it. */
final class Lanes {
    private final ConcurrentMap<String, CompletableFuture<Void>> ends = new ConcurrentHashMap<>();
    private final Executor threads = threads();

    /** The work must throw nothing. */
    void add(String lane, Runnable work) {
        CompletableFuture<Void> end = ends.compute(
                lane,
                (name, before) -> before == null
                        ? CompletableFuture.runAsync(work, threads)
                        : before.thenRunAsync(work, threads));
        end.thenRun(() -> ends.remove(lane, end));
    }

    /** Virtual threads where the JVM has them (21), else as many as there is work. */
    private static Executor threads() {
        try {
            return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException | UnsupportedOperationException older) {
            return Executors.newCachedThreadPool();
        }
    }
}
