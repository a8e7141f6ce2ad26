package weir.kit.rsocket;

import java.util.function.Consumer;
import weir.kit.Told;

/** One run of a handler: what it is told, and what is told of it. Nothing is told after its end. */
public final class Run {
    final Services services;
    final Item first;
    final Peer peer;
    Way out;
    Consumer<Item> onItem = item -> {};
    Runnable onInputComplete = () -> {};
    Runnable onLeft = () -> {};
    private final String route;
    private final String number;
    private boolean inOpen;
    private boolean outOpen;
    private boolean left;
    private boolean told;

    Run(Services services, String kind, String route, String number, Item first, Peer peer) {
        this.services = services;
        this.first = first;
        this.peer = peer;
        this.route = route;
        this.number = number;
        this.inOpen = kind.equals("request-channel");
        this.outOpen = !kind.equals("fire-and-forget");
        tell("started", Item.value(first.data()), Item.value(first.metadata()));
    }

    /** Runs the handler. What its service raises is thrown, and the library's to tell. */
    public void serve(Way way) {
        out = way;
        try {
            Handlers.ALL.get(route).accept(this);
            settle();
        } catch (RuntimeException raised) {
            over();
            throw raised;
        }
    }

    /** An item of a channel came. */
    public void item(Item item) {
        // It was on its way when the call ended.
        if (isTold()) return;
        tell("request", Item.value(item.data()), Item.value(item.metadata()));
        onItem.accept(item);
    }

    /** The requester of a channel sends nothing more. */
    public synchronized void inputComplete() {
        if (told) return;
        tell("requests-closed", null, null);
        inOpen = false;
        onInputComplete.run();
        settle();
    }

    /** Somebody ended the call: {@code cancelled}, {@code requests-failed} with its code, {@code disconnected}. */
    public void ended(String event, String code) {
        synchronized (this) {
            if (!inOpen && !outOpen) return;
            tell(event, code, null);
            left = true;
            over();
        }
        onLeft.run();
    }

    /** Nothing more goes out. */
    public synchronized void sent() {
        outOpen = false;
        settle();
    }

    /** Whether its caller has left. */
    synchronized boolean isLeft() {
        return left;
    }

    void send(Object data) {
        out.next(Item.of(data));
    }

    /** Sends an item, and the end behind it. */
    void one(Item item) {
        out.next(item);
        out.complete();
    }

    /** Ends the call with an error, behind which the handler hears nothing more. */
    void fail(Told error) {
        out.fail(error);
        over();
    }

    private synchronized boolean isTold() {
        return told;
    }

    synchronized void stopInput() {
        inOpen = false;
        out.stopInput();
        settle();
    }

    private synchronized void over() {
        inOpen = false;
        outOpen = false;
        settle();
    }

    private synchronized void settle() {
        if (inOpen || outOpen || told) return;
        tell("finished", null, null);
        told = true;
    }

    private synchronized void tell(String event, Object value, Object metadata) {
        if (!told) services.tell(route, number, event, value, metadata);
    }
}
