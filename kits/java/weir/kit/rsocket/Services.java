package weir.kit.rsocket;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weir.kit.Instance;
import weir.kit.Seen;
import weir.kit.Settings;

/** The standard test services of one instance (cases/rsocket/services.yaml), whose state is fresh. */
public final class Services {
    private static final Pattern WAIT = Pattern.compile("wait-(\\d+)-(.*)", Pattern.DOTALL);
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "services");
        thread.setDaemon(true);
        return thread;
    });

    final AtomicInteger counter = new AtomicInteger();
    final List<String> log = new CopyOnWriteArrayList<>();
    private final Instance instance;
    private final double timeScale;
    private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();

    public Services(Instance instance, Settings settings) {
        this.instance = instance;
        this.timeScale = settings.options().get("timeScale") instanceof Double scale ? scale : 1;
    }

    /** What is decided about a SETUP: whether it is refused, and after how many ms. */
    public record Admission(boolean refused, long afterMs) {}

    /** Decides about a SETUP by its data. */
    public Admission admission(String data) {
        double ms = 0;
        for (Matcher wait = WAIT.matcher(data); wait.matches(); wait = WAIT.matcher(data)) {
            ms += Double.parseDouble(wait.group(1));
            data = wait.group(2);
        }
        return new Admission(data.equals("refuse"), Math.round(ms * timeScale));
    }

    /** METADATA_PUSH. */
    public void pushed(byte[] metadata) {
        tell("metadata-push", number("metadata-push"), "started", null, Item.value(metadata));
    }

    /** Tells that a handler started; it runs with {@link Run#serve}. Throws where there is no such route. */
    public Run begin(String kind, String route, Item first, Peer peer) {
        if (route == null) throw new IllegalArgumentException("the request has no route");
        if (!Handlers.ALL.containsKey(route)) throw new IllegalArgumentException("there is no route " + route);
        return new Run(this, kind, route, number(route), first, peer);
    }

    void tell(String route, String run, String event, Object value, Object metadata) {
        instance.handler(new Seen(null, route, run, event, value, metadata));
    }

    /** Does something after so many nominal ms. */
    void after(double ms, Runnable act) {
        TIMER.schedule(act, Math.round(ms * timeScale * 1e6), TimeUnit.NANOSECONDS);
    }

    private String number(String route) {
        return String.valueOf(runs.computeIfAbsent(route, name -> new AtomicInteger()).incrementAndGet());
    }
}
