package weir.kit;

/** A client or a server under its handle. */
public final class Instance {
    private final String handle;
    private final Notifier notifier;

    Instance(String handle, Notifier notifier) {
        this.handle = handle;
        this.notifier = notifier;
    }

    /** The handle, opaque, and another in each run. */
    public String handle() {
        return handle;
    }

    /** Tells of a session: docs/adapters.md has the protocol's words. */
    public void status(String status) {
        status(status, null);
    }

    /** The same with a detail, which may be {@code null}. */
    public void status(String status, String detail) {
        notifier.notify("status", new Members().with("instance", handle).with("status", status).given("detail", detail));
    }

    /** Tells what a handler saw. */
    public void handler(Seen seen) {
        Members told = new Members()
                .with("instance", handle)
                .given("service", seen.service())
                .with("procedure", seen.procedure())
                .with("run", seen.run())
                .with("event", seen.event());
        if (seen.hasValue()) told.with("value", seen.value());
        notifier.notify("handler", told.given("metadata", seen.metadata()));
    }

    /** Writes a line for the report. */
    public void log(String message) {
        notifier.notify("log", new Members().with("message", message));
    }
}
