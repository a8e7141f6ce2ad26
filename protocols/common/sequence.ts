/**
 * What can be read in order, again and again, and need not be in memory: an array is one, so is a list that spills to disk.
 * Elements that are read twice are equal, but perhaps not the same objects.
 */
export interface Sequence<T> extends Iterable<T> {
  readonly length: number;
  /** The element at an index from 0; undefined beyond the end. */
  at(index: number): T | undefined;
  /** The elements from one index up to another (the end, where it is left out), which is not among them. Neither is negative. */
  slice(from: number, to?: number): Sequence<T>;
}

/** Those elements that are so, in order, as they are read. */
export function* where<T, S extends T>(elements: Iterable<T>, isSo: (element: T) => element is S): Generator<S> {
  for (const element of elements) if (isSo(element)) yield element;
}
