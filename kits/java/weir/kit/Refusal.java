package weir.kit;

/** A request that the library cannot carry out; its text is the answer. */
public class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    /** Refuses with a text that says what the library cannot do. */
    public Refusal(String message) {
        super(message);
    }

    static Refusal cannot(String what) {
        return new Refusal("the library cannot " + what + " on such a call");
    }
}
