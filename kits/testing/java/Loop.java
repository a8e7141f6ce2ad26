import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import weir.kit.Adapter;
import weir.kit.Call;
import weir.kit.Client;
import weir.kit.Instance;
import weir.kit.Running;
import weir.kit.Server;
import weir.kit.Settings;
import weir.kit.Told;
import weir.kit.rsocket.Asking;
import weir.kit.rsocket.Item;
import weir.kit.rsocket.Peer;
import weir.kit.rsocket.Services;

/**
 * A library for RSocket whose network is a queue of this process, and an adapter for it: what the RSocket part of the kit is tested with.
 * loop.mjs and loop.py do the same.
 */
final class Loop implements Adapter {
    /** Does what is sent later, in order. All that streams hold is touched there alone. */
    static final ExecutorService NETWORK = Executors.newSingleThreadExecutor();

    private final Map<String, End> servers = new ConcurrentHashMap<>();

    public static void main(String[] words) {
        Adapter.run(new Loop());
    }

    /** One end of a connection. */
    static final class End implements Peer {
        final Instance instance;
        final Services services;
        volatile End other;

        End(Instance instance, Settings settings) {
            this.instance = instance;
            this.services = new Services(instance, settings);
        }

        // As a handler of the other end reaches it.

        @Override
        public Runnable echo(Item item, BiConsumer<Item, Told> answered) {
            LoopStream.Receiver receiver = new LoopStream.Receiver() {
                private Item answer;

                @Override
                public void item(Item item) {
                    answer = item;
                }

                @Override
                public void completed() {
                    answered.accept(answer, null);
                }

                @Override
                public void failed(Told error) {
                    answered.accept(null, error);
                }
            };
            return new LoopStream(this, "request-response", "echo", item, 1, receiver)::cancel;
        }

        @Override
        public void push(byte[] metadata) {
            NETWORK.execute(() -> services.pushed(metadata));
        }

        // As the conversation does.

        Running invoke(Call call) {
            Item first = Item.of(call.value(), call.metadata());
            if (call.kind().equals("metadata-push")) {
                other.push(first.metadata());
                return null;
            }
            if (call.kind().equals("fire-and-forget")) {
                new LoopStream(other, call.kind(), call.procedure(), first, 0, new LoopStream.Receiver() {});
                return null;
            }
            Asking asking = new Asking(call);
            LoopStream stream =
                    new LoopStream(other, call.kind(), call.procedure(), first, asking.credit(), LoopStream.Receiver.of(asking));
            return asking.running(stream, call.kind().equals("request-channel") ? stream.requests() : null);
        }
    }

    @Override
    public Map<String, Object> info() {
        return Map.of("control", 1, "name", "loop", "roles", List.of("client", "server"));
    }

    @Override
    public Client connect(Instance instance, Settings settings) throws InterruptedException {
        End client = new End(instance, settings);
        Services.Admission admission = client.services.admission(Item.of(settings.options().get("setupData"), null).text());
        Thread.sleep(admission.afterMs());
        if (admission.refused()) {
            instance.status("refused", "REJECTED_SETUP");
        } else {
            client.other = servers.get(settings.url());
            client.other.other = client;
            client.other.instance.status("connected");
            instance.status("connected");
        }
        return new Client() {
            @Override
            public Running invoke(Call call) {
                return client.invoke(call);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Server serve(Instance instance, Settings settings) {
        End server = new End(instance, settings);
        servers.put("loop:s", server);
        return new Server() {
            @Override
            public String url() {
                return "loop:s";
            }

            @Override
            public Running invoke(Call call) {
                return server.invoke(call);
            }

            @Override
            public void stop(String how) {}
        };
    }
}
