package weir.kit;

/** A call as it was asked for, and what is told of it. What was not given is {@code null}. */
public final class Call {
    private final Params asked;
    private final Object value;
    private final Object metadata;
    private final Notifier notifier;

    Call(Params asked, Notifier notifier) throws Refusal {
        this.asked = asked;
        this.value = asked.value("value", "init");
        this.metadata = asked.value("metadata");
        this.notifier = notifier;
    }

    /** Its handle. */
    public String name() {
        return asked.text("call");
    }

    /** Its kind, in the protocol's words. */
    public String kind() {
        return asked.text("kind");
    }

    /** The service, where procedures belong to one. */
    public String service() {
        return asked.text("service");
    }

    /** The procedure, where calls name one. */
    public String procedure() {
        return asked.text("procedure");
    }

    /** The opening value; {@code null}, too, where the call opens without one. */
    public Object value() {
        return value;
    }

    /** Whether it opens with a value. */
    public boolean hasValue() {
        return asked.has("value") || asked.has("init");
    }

    /** What goes beside the value. */
    public Object metadata() {
        return metadata;
    }

    /** How many values its caller takes at first, where the protocol has credit. */
    public Integer credit() {
        return asked.count("credit");
    }

    /** On which of the connections that a server accepted, from 0; {@code null} is the newest. */
    public Integer to() {
        return asked.count("to");
    }

    /** Tells that the answer began, apart from its first value. */
    public void start(Object metadata) {
        notifier.notify("start", about().given("metadata", metadata));
    }

    /** Tells an item. */
    public void message(Object value) {
        message(value, null);
    }

    /** Tells an item and what came beside it. */
    public void message(Object value, Object metadata) {
        Members result = new Members().with("ok", true).with("value", value).given("metadata", metadata);
        notifier.notify("message", about().with("result", result));
    }

    /** Tells an error as an item. */
    public void error(String code, String message) {
        error(new Told(code, message));
    }

    /** The same with all that errors may have. */
    public void error(Told told) {
        Members error = new Members()
                .with("code", told.code())
                .with("message", told.message())
                .given("extras", told.extras())
                .given("metadata", told.metadata());
        notifier.notify("message", about().with("result", new Members().with("ok", false).with("error", error)));
    }

    /** Tells that nothing more will be read. */
    public void end() {
        end(null);
    }

    /** The same with what came at the end. */
    public void end(Object metadata) {
        notifier.notify("end", about().given("metadata", metadata));
    }

    private Members about() {
        return new Members().with("call", name());
    }
}
