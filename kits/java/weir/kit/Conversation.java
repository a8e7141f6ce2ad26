package weir.kit;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Answers requests: which there are, what each needs, and what it is about. */
final class Conversation {
    /** What a request does; null answers with nothing. */
    private interface Act {
        Object of(Params params) throws Exception;
    }

    /** What a request has to hold, which handle it is about (null: none), and what is done at it. */
    private record Method(List<String> needs, String about, Act act) {}

    private final Lines lines;
    private final Lanes lanes = new Lanes();
    private final Map<String, Method> methods;

    private Conversation(Adapter adapter, Lines lines) {
        this.lines = lines;
        Handles handles = new Handles(adapter, (method, params) -> write(new Members().with("method", method).with("params", params)));
        this.methods = Map.ofEntries(
                Map.entry("initialize", new Method(List.of(), null, params -> adapter.info())),
                Map.entry("ping", new Method(List.of(), null, params -> null)),
                Map.entry("shutdown", new Method(List.of(), null, params -> null)),
                Map.entry("connect", new Method(List.of("client", "url"), "client", handles::connect)),
                Map.entry("disconnect", new Method(List.of("client"), "client", handles::disconnect)),
                Map.entry("serve", new Method(List.of("server"), "server", handles::serve)),
                Map.entry("stop", new Method(List.of("server"), "server", handles::stop)),
                Map.entry("invoke", new Method(List.of("call", "kind"), "call", handles::invoke)),
                Map.entry("send", new Method(List.of("call"), "call", handles::send)),
                Map.entry("credit", new Method(List.of("call", "n"), "call", handles::credit)),
                Map.entry("finish", new Method(List.of("call"), "call", handles::finish)),
                Map.entry("cancel", new Method(List.of("call"), "call", handles::cancel)));
    }

    static void run(Adapter adapter) {
        Lines lines = new Lines(System.in, new FileOutputStream(FileDescriptor.out));
        System.setOut(System.err);
        Conversation conversation = new Conversation(adapter, lines);
        try {
            for (byte[] line = lines.next(); line != null; line = lines.next()) conversation.receive(line);
        } catch (IOException gone) {
            // The runner is no more: as where stdin ends.
        }
        System.exit(0);
    }

    private void receive(byte[] line) {
        if (isBlank(line)) return;
        Request request;
        try {
            request = Request.read(line);
        } catch (Request.Bad bad) {
            write(error(bad.id, bad.code, bad.getMessage()));
            return;
        }
        Method method = methods.get(request.method());
        if (method == null) {
            refuse(request, -32601, "there is no method " + request.method());
            return;
        }
        String lacking = method.needs().stream().filter(name -> !request.params().has(name)).collect(Collectors.joining(" and "));
        if (!lacking.isEmpty()) {
            refuse(request, -32602, request.method() + " needs " + lacking);
        } else if (method.about() == null) {
            carryOut(request, method);
        } else {
            lanes.add(method.about() + " " + request.params().text(method.about()), () -> carryOut(request, method));
        }
    }

    private static boolean isBlank(byte[] line) {
        for (byte each : line) if (" \t\r".indexOf(each) < 0) return false;
        return true;
    }

    private void carryOut(Request request, Method method) {
        try {
            Object result = method.act().of(request.params());
            if (request.hasId()) write(answer(request.id()).with("result", result == null ? new Members() : result));
        } catch (Exception refused) {
            refuse(request, -32000, refused.getMessage() == null ? refused.toString() : refused.getMessage());
        } catch (Throwable broken) {
            // No answer of the library's: the process is broken, and its end is told with this.
            broken.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        if (request.method().equals("shutdown")) System.exit(0);
    }

    private void refuse(Request request, int code, String message) {
        if (request.hasId()) write(error(request.id(), code, message));
        else System.err.println("not carried out: " + message);
    }

    private static Members answer(Object id) {
        return new Members().with("id", id);
    }

    private static Members error(Object id, int code, String message) {
        return answer(id).with("error", new Members().with("code", code).with("message", message));
    }

    private void write(Members message) {
        try {
            lines.write(Json.write(message.with("jsonrpc", "2.0")));
        } catch (IOException gone) {
            // Where the runner is gone nothing is left to tell to anyone.
            Runtime.getRuntime().halt(0);
        }
    }
}
