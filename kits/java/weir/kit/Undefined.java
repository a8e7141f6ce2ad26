package weir.kit;

/** What JavaScript calls undefined. */
public enum Undefined {
    /** The one there is. */
    UNDEFINED
}
