/**
 * Holds the conversation between Weir and an adapter (docs/adapters.md of Weir), version 1 of the control protocol, so that an adapter
 * holds only its library: lines, tagged values, handles, and several requests at a time.
 *
 * <p>Values are Java's: {@code null}, {@link Boolean}, {@link String}, {@link Double}, {@link java.math.BigInteger} for integers beyond a
 * double, {@code byte[]}, {@link java.util.List}, {@link java.util.Map} with texts as keys, and {@link weir.kit.Undefined}, which is
 * JavaScript's. What was not given is {@code null}.
 */
package weir.kit;
