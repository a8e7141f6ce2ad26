/**
 * What adapters for RSocket in Java have in common, whatever their library: the standard services, what is told of calls and of handlers,
 * values and codes.
 */
package weir.kit.rsocket;
