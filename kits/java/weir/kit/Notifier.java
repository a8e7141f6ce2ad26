package weir.kit;

/** Writes a notification. */
interface Notifier {
    void notify(String method, Members params);
}
