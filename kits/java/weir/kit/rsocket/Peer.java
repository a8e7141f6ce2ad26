package weir.kit.rsocket;

import java.util.function.BiConsumer;
import weir.kit.Told;

/** The end that made a call, as a handler reaches it. */
public interface Peer {
    /** A request-response to its {@code echo}; gives what cancels that. Answered with neither, it completed without an item. */
    Runnable echo(Item item, BiConsumer<Item, Told> answered);

    void push(byte[] metadata);
}
