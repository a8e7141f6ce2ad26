package weir.kit.rsocket;

import weir.kit.Call;
import weir.kit.Running;
import weir.kit.Told;

/** A call as its requester sees it: what is told of it, and when it is over. A channel is over when both its directions are. */
public final class Asking {
    /** What a library can do to a call. */
    public interface Asked {
        void cancel();

        void request(long n);
    }

    private final Call call;
    private boolean inOpen = true;
    private boolean outOpen;
    private boolean told;
    private boolean wanted = true;

    public Asking(Call call) {
        this.call = call;
        this.outOpen = call.kind().equals("request-channel");
    }

    /** The first credit. */
    public int credit() {
        return call.credit() == null ? Integer.MAX_VALUE : call.credit();
    }

    /** An item came. One that was on its way when the application gave the call up is none; one behind an end is told. */
    public synchronized void item(Item item) {
        if (!wanted) return;
        call.message(Item.value(item.data()), Item.value(item.metadata()));
    }

    /** Nothing more comes. */
    public synchronized void completed() {
        inOpen = false;
        settle();
    }

    /** Nothing more goes out. */
    public synchronized void sent() {
        outOpen = false;
        settle();
    }

    /** An error ended it. */
    public synchronized void failed(Told error) {
        if (told) return;
        call.error(error);
        end();
    }

    /** What can be done to the call; {@code out} is a channel's direction to the responder. What the application ends is over at once. */
    public Running running(Asked asked, Way out) {
        return new Running() {
            @Override
            public void send(Object value, Object metadata) throws Exception {
                if (out == null) Running.super.send(value, metadata);
                else out.next(Item.of(value, metadata));
            }

            @Override
            public void credit(int n) {
                asked.request(n);
            }

            @Override
            public void finish(Object metadata, Told error) throws Exception {
                if (out == null) {
                    Running.super.finish(metadata, error);
                } else if (error == null) {
                    out.complete();
                } else {
                    abandon();
                    out.fail(error);
                }
            }

            @Override
            public void cancel() {
                abandon();
                asked.cancel();
            }
        };
    }

    private void settle() {
        if (!inOpen && !outOpen) end();
    }

    private synchronized void abandon() {
        wanted = false;
        end();
    }

    private synchronized void end() {
        if (told) return;
        told = true;
        call.end();
    }
}
