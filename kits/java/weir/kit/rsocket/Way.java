package weir.kit.rsocket;

import java.util.function.IntFunction;
import weir.kit.Told;

/** What a library does with what is sent on a call; what is said after the end is its affair. */
public interface Way {
    void next(Item item);

    void complete();

    void fail(Told error);

    /** Sends items from 1 on that are made as they go, and the end behind them. */
    default void items(int count, IntFunction<Item> make) {
        for (int i = 1; i <= count; i += 1) next(make.apply(i));
        complete();
    }

    /** Asks for further items of a channel. */
    default void ask(int n) {}

    /** Wants no more items of a channel. */
    default void stopInput() {}
}
