import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weir.kit.Adapter;
import weir.kit.Call;
import weir.kit.Client;
import weir.kit.Instance;
import weir.kit.Refusal;
import weir.kit.Running;
import weir.kit.Seen;
import weir.kit.Server;
import weir.kit.Settings;
import weir.kit.Told;

/** A library that repeats what it is told, and an adapter for it: what the kits are tested with. toy.mjs and toy.py do the same. */
final class Toy implements Adapter {
    public static void main(String[] words) {
        Adapter.run(new Toy());
    }

    @Override
    public Map<String, Object> info() {
        return Map.of("control", 1, "name", "toy", "roles", List.of("client", "server"));
    }

    @Override
    public Client connect(Instance instance, Settings settings) {
        return new Client() {
            @Override
            public Running invoke(Call call) throws Exception {
                return start(call);
            }

            @Override
            public void dial() {
                instance.status("connected", settings.binding());
            }

            @Override
            public void close() {
                instance.log("closed");
            }
        };
    }

    @Override
    public Server serve(Instance instance, Settings settings) {
        byte[] beside = {0, (byte) 255};
        Map<String, Object> options = settings.options();
        instance.handler(new Seen(null, "echo", "1", "started", options.get("value"), options.containsKey("value"), beside));
        int port = settings.timers().getOrDefault("port", 1.0).intValue();
        return new Server() {
            @Override
            public String url() {
                return "ws://127.0.0.1:" + port;
            }

            @Override
            public Running invoke(Call call) {
                return new Repeating(call);
            }

            @Override
            public void stop(String how) {
                instance.log("stopped " + (how == null ? "None" : how));
            }
        };
    }

    private static Running start(Call call) throws InterruptedException {
        System.out.println("a library that prints");
        if (call.kind().equals("slow")) Thread.sleep(50);
        if (call.kind().equals("once")) {
            call.message(call.value());
            call.end();
            // A call that has nothing to write: only what it has can be asked for.
            return null;
        }
        call.start(call.metadata());
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("procedure", call.procedure());
        asked.put("service", call.service());
        if (call.hasValue()) asked.put("value", call.value());
        asked.put("credit", call.credit());
        asked.put("to", call.to());
        call.message(asked);
        return new Repeating(call);
    }

    private record Repeating(Call call) implements Running {
        @Override
        public void send(Object value, Object metadata) throws Refusal {
            if ("refuse".equals(value)) throw new Refusal("not this one");
            call.message(value, metadata);
        }

        @Override
        public void credit(int n) {
            call.message(n + " more");
        }

        @Override
        public void finish(Object metadata, Told error) {
            if (error != null) call.error(new Told(error.code(), error.message(), Map.of("from", "finish"), metadata));
            call.end(metadata);
        }

        @Override
        public void cancel() {
            call.error("CANCEL", "cancelled");
            call.end();
        }
    }
}
