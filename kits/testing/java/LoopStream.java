import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import weir.kit.Told;
import weir.kit.rsocket.Asking;
import weir.kit.rsocket.Codes;
import weir.kit.rsocket.Item;
import weir.kit.rsocket.Run;
import weir.kit.rsocket.Way;

/** A call of the library of {@link Loop}. */
final class LoopStream implements Asking.Asked {
    /** Who hears of the answer. */
    interface Receiver {
        default void item(Item item) {}

        default void completed() {}

        default void failed(Told error) {}

        /** Nothing more goes to the responder. */
        default void sent() {}

        static Receiver of(Asking asking) {
            return new Receiver() {
                @Override
                public void item(Item item) {
                    asking.item(item);
                }

                @Override
                public void completed() {
                    asking.completed();
                }

                @Override
                public void failed(Told error) {
                    asking.failed(error);
                }

                @Override
                public void sent() {
                    asking.sent();
                }
            };
        }
    }

    /** A direction: items wait for credit, the end waits for them. */
    private static final class Pipe {
        private final Consumer<Item> item;
        private final Runnable completed;
        private final Queue<Item> waiting = new ArrayDeque<>();
        private long credit;
        private boolean complete;
        private boolean over;

        Pipe(long credit, Consumer<Item> item, Runnable completed) {
            this.credit = credit;
            this.item = item;
            this.completed = completed;
        }

        void later(Runnable act) {
            Loop.NETWORK.execute(() -> {
                act.run();
                while (!over && credit > 0 && !waiting.isEmpty()) {
                    credit -= 1;
                    item.accept(waiting.remove());
                }
                if (complete && !over && waiting.isEmpty()) {
                    over = true;
                    completed.run();
                }
            });
        }

        void grant(long n) {
            later(() -> credit += n);
        }

        void next(Item item) {
            later(() -> {
                if (!complete) waiting.add(item);
            });
        }

        void end() {
            later(() -> complete = true);
        }
    }

    private final Receiver receiver;
    /** Whether an item is the end, too. */
    private final boolean one;
    private final Pipe out;
    private final Pipe back;
    private Run run;

    /** Begins a call of {@code at}, for the other end. */
    LoopStream(Loop.End at, String kind, String route, Item first, int credit, Receiver receiver) {
        this.receiver = receiver;
        one = kind.equals("request-response");
        back = new Pipe(credit, receiver::item, () -> {
            receiver.completed();
            run.sent();
        });
        out = new Pipe(0, item -> run.item(item), () -> {
            receiver.sent();
            run.inputComplete();
        });
        Loop.NETWORK.execute(() -> {
            try {
                run = at.services.begin(kind, route, first, at.other);
                run.serve(answers());
            } catch (RuntimeException raised) {
                fail(new Told("APPLICATION_ERROR", raised.getMessage()));
            }
        });
    }

    private void fail(Told error) {
        if (back.over) return;
        back.over = true;
        if (run != null) run.sent();
        receiver.failed(new Told(Codes.name(Codes.number(error.code())), error.message()));
    }

    @Override
    public void cancel() {
        Loop.NETWORK.execute(() -> {
            back.over = true;
            run.ended("cancelled", null);
        });
    }

    @Override
    public void request(long n) {
        back.grant(n);
    }

    /** What the requester of a channel sends. */
    Way requests() {
        return new Way() {
            @Override
            public void next(Item item) {
                out.next(item);
            }

            @Override
            public void complete() {
                out.end();
            }

            @Override
            public void fail(Told error) {
                Loop.NETWORK.execute(() -> run.ended("requests-failed", Codes.name(Codes.number(error.code()))));
            }
        };
    }

    private Way answers() {
        return new Way() {
            @Override
            public void next(Item item) {
                back.next(item);
                if (one) back.end();
            }

            @Override
            public void complete() {
                back.end();
            }

            @Override
            public void fail(Told error) {
                Loop.NETWORK.execute(() -> LoopStream.this.fail(error));
            }

            @Override
            public void ask(int n) {
                out.grant(n);
            }

            @Override
            public void stopInput() {
                Loop.NETWORK.execute(() -> {
                    out.over = true;
                    receiver.sent();
                });
            }
        };
    }
}
