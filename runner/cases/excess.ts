import { isPlainObject } from '../../protocols/common/value.ts';

/** Characters of a text that count as one value. */
const CHARACTERS = 64;

/** Where a value is more than it may be, and what is too much. */
export interface Excess {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What stands for a list or map wherever an alias means it: how much it is with all its aliases filled in. */
interface Extent {
  readonly values: number;
  readonly depth: number;
}

/**
 * The first place at which a value that was read from YAML, its aliases filled in, has more levels or values than the limits say, or
 * at which it holds itself; undefined where nothing is too much. What an alias means is looked at once, however often it is meant.
 */
export function excessOf(root: unknown, limits: { readonly depth: number; readonly values: number }): Excess | undefined {
  const known = new Map<object, Extent | undefined>();
  const path: (string | number)[] = [];
  let found: Excess | undefined;

  const refuse = (message: string): Extent => {
    found ??= { path: [...path], message };
    return { values: 0, depth: 0 };
  };

  // An anchor stands before all its aliases, so that this enters each list and map where it is written, and no deeper than that.
  const measure = (value: unknown): Extent => {
    if (typeof value === 'string') return { values: 1 + value.length / CHARACTERS, depth: 0 };
    if (typeof value !== 'object' || value === null) return { values: 1, depth: 0 };
    if (known.has(value)) return known.get(value) ?? refuse('an alias inside of what it stands for');
    known.set(value, undefined);
    let values = 1;
    let depth = 0;
    for (const [key, item] of Array.isArray(value) ? value.entries() : isPlainObject(value) ? Object.entries(value) : []) {
      path.push(key);
      const inner = measure(item);
      values += inner.values;
      depth = Math.max(depth, inner.depth);
      if (values > limits.values) refuse(`with its aliases filled in the file holds more than ${limits.values} values`);
      if (depth >= limits.depth) refuse(`with its aliases filled in this is nested more than ${limits.depth} levels deep`);
      path.pop();
      if (found !== undefined) break;
    }
    const extent = { values, depth: depth + 1 };
    known.set(value, extent);
    return extent;
  };

  measure(root);
  return found;
}
