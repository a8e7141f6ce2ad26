package weir.kit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Clients, servers and calls under their handles, and the requests about them. */
final class Handles {
    /** A call that only starts, or of which the library has nothing more to do. */
    private static final Running NOTHING = new Running() {};

    /** A client, and whether it was closed: then it is made anew when it is connected again. */
    private record Made(Client client, boolean closed) {}

    private final Adapter adapter;
    private final Notifier notifier;
    private final Map<String, Made> clients = new ConcurrentHashMap<>();
    private final Map<String, Server> servers = new ConcurrentHashMap<>();
    private final Map<String, Running> calls = new ConcurrentHashMap<>();

    Handles(Adapter adapter, Notifier notifier) {
        this.adapter = adapter;
        this.notifier = notifier;
    }

    Object connect(Params params) throws Exception {
        String handle = handle(params, "client");
        Made made = clients.get(handle);
        if (made == null || made.closed()) {
            made = new Made(adapter.connect(new Instance(handle, notifier), Settings.of(params)), false);
            clients.put(handle, made);
        }
        if (Boolean.TRUE.equals(params.all().get("eager"))) made.client().dial();
        return null;
    }

    Object disconnect(Params params) throws Exception {
        String handle = handle(params, "client");
        Made made = clients.computeIfPresent(handle, (name, known) -> new Made(known.client(), true));
        if (made == null) throw new Refusal("there is no client " + handle);
        made.client().close();
        return null;
    }

    Object serve(Params params) throws Exception {
        String handle = handle(params, "server");
        Server server = adapter.serve(new Instance(handle, notifier), Settings.of(params));
        servers.put(handle, server);
        return new Members().given("url", server.url());
    }

    Object stop(Params params) throws Exception {
        String handle = handle(params, "server");
        Server server = servers.remove(handle);
        if (server == null) throw new Refusal("there is no server " + handle);
        server.stop(params.text("how"));
        return null;
    }

    Object invoke(Params params) throws Exception {
        String at = handle(params, params.has("at") ? "at" : "client");
        String name = handle(params, "call");
        Made made = clients.get(at);
        Server server = servers.get(at);
        if (made == null && server == null) throw new Refusal("there is no client or server " + at);
        if (calls.putIfAbsent(name, NOTHING) != null) throw new Refusal("there is a call " + name + " already");
        try {
            Call call = new Call(params, notifier);
            Running running = made == null ? server.invoke(call) : made.client().invoke(call);
            if (running != null) calls.put(name, running);
        } catch (Exception refused) {
            calls.remove(name);
            throw refused;
        }
        return null;
    }

    Object send(Params params) throws Exception {
        call(params).send(params.value("value", "request"), params.value("metadata"));
        return null;
    }

    Object credit(Params params) throws Exception {
        Integer n = params.count("n");
        if (n == null) throw new Refusal("credit needs a number as n");
        call(params).credit(n);
        return null;
    }

    Object finish(Params params) throws Exception {
        Told error = params.value("error") instanceof Map<?, ?> said
                ? new Told(said.get("code"), String.valueOf(said.get("message")))
                : null;
        call(params).finish(params.value("metadata"), error);
        return null;
    }

    Object cancel(Params params) throws Exception {
        call(params).cancel();
        return null;
    }

    private Running call(Params params) throws Refusal {
        String name = handle(params, "call");
        Running running = calls.get(name);
        if (running == null) throw new Refusal("there is no call " + name);
        return running;
    }

    /** A handle, which a map takes as a key, whatever it is. */
    private static String handle(Params params, String name) {
        return String.valueOf(params.text(name));
    }
}
