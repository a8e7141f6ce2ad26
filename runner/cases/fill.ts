import { isPlainObject, setOwn } from '../../protocols/common/value.ts';
import type { Path } from './source.ts';
import { suggestion } from './suggest.ts';

/** What a name in `${…}` stands for. */
export interface Binding {
  /** What it is in the middle of a text. */
  readonly text: string;
  /** What a string that is nothing else becomes. */
  readonly value: unknown;
  /** What `${name.member}` picks from. */
  readonly members: unknown;
  /** Members that the name has with any value; undefined where a value stands for another, so that nobody can tell beforehand. */
  readonly known: ReadonlySet<string> | undefined;
  /** Where the value stands. */
  readonly path: Path;
}

/** A case with its combination filled in. */
export interface Filled {
  readonly value: unknown;
  /** Where what stands at a path of the filled value was written. */
  origin(path: Path): Path;
}

/** Says what is wrong with the value, or the key, at a path of the file. */
export type Complain = (path: Path, message: string, hint?: string, on?: 'key' | 'value') => void;

/** How many values the cases of one file may be made of, all together. */
export const MOST_FILLED_VALUES = 5_000_000;

/** How many values may still be filled in; below 0 where that was not enough. */
export interface Allowance {
  left: number;
}

/** How deep values may name each other. */
const DEEPEST = 8;

const REFERENCE = /\$\{([A-Za-z][\w-]*)((?:\.[\w-]+)*)\}/g;
const WHOLE = /^\$\{([A-Za-z][\w-]*)((?:\.[\w-]+)*)\}$/;

/** Keys of a case whose lists take in what a list brings, item by item. */
const SPLICED: ReadonlySet<string> = new Set(['steps', 'expect', 'requirements', 'needs', 'bindings', 'codecs', 'tags']);

/** What a value does not have: the key or the item that it stands for is left out. */
const ABSENT = Symbol('absent');

/**
 * Fills `${name}` and `${name.member}` in, everywhere in a value: texts and keys get the text, a string that is nothing else
 * becomes the value itself, and where that is a list of steps or of requirements its items take the place of the string. What a
 * value does not have leaves out the key or the item that it stands for. Names in `others` belong to someone else. Nothing is
 * copied that nothing is filled into.
 */
export function fill(
  value: unknown,
  scope: ReadonlyMap<string, Binding>,
  others: ReadonlySet<string>,
  complain: Complain,
  allowance: Allowance = { left: MOST_FILLED_VALUES },
): Filled {
  const moved = new Map<string, Path>();
  const filled = new Filler({ scope, others, complain, allowance }, moved).any(value, [], [], 0);
  if (allowance.left < 0) complain(['axes'], `the cases of a file have at most ${MOST_FILLED_VALUES} values`, 'make it several', 'key');
  return {
    value: filled === ABSENT ? undefined : filled,
    origin: (path) => {
      if (moved.size === 0) return path;
      for (let length = path.length; length > 0; length -= 1) {
        const from = moved.get(JSON.stringify(path.slice(0, length)));
        if (from !== undefined) return [...from, ...path.slice(length)];
      }
      return path;
    },
  };
}

/** Whether a value has `${name}` of one of these names anywhere. */
export function mentions(value: unknown, names: ReadonlySet<string>): boolean {
  if (typeof value === 'string') {
    if (!value.includes('$' + '{')) return false;
    return [...value.matchAll(REFERENCE)].some(([, name = '']) => names.has(name));
  }
  if (Array.isArray(value)) return value.some((item) => mentions(item, names));
  if (!isPlainObject(value)) return false;
  return Object.entries(value).some(([key, item]) => mentions(key, names) || mentions(item, names));
}

interface Given {
  readonly scope: ReadonlyMap<string, Binding>;
  readonly others: ReadonlySet<string>;
  readonly complain: Complain;
  readonly allowance: Allowance;
}

/** `to`: where the value will stand; `from`: where it was written. They part where something is filled in. */
class Filler {
  readonly #given: Given;
  readonly #moved: Map<string, Path>;

  constructor(given: Given, moved: Map<string, Path>) {
    this.#given = given;
    this.#moved = moved;
  }

  any(value: unknown, to: Path, from: Path, depth: number): unknown {
    this.#given.allowance.left -= 1;
    if (this.#given.allowance.left < 0) return ABSENT;
    if (typeof value === 'string') return value.includes('$' + '{') ? this.#text(value, to, from, depth) : value;
    if (Array.isArray(value)) return this.#list(value, to, from, depth);
    return isPlainObject(value) ? this.#map(value, to, from, depth) : value;
  }

  #text(text: string, to: Path, from: Path, depth: number): unknown {
    const [, name, members = ''] = WHOLE.exec(text) ?? [];
    if (depth >= DEEPEST) {
      this.#given.complain(from, `\`${text}\` stands for itself`, 'values that name each other must end somewhere');
      return ABSENT;
    }
    if (name !== undefined && to[0] !== 'title') {
      const found = this.#find(name, members, from, depth);
      if (found === undefined) return text;
      if (found === ABSENT) return ABSENT;
      this.#moved.set(JSON.stringify(to), found.path);
      return this.any(found.value, to, found.path, depth + 1);
    }
    return text.replaceAll(REFERENCE, (whole, word: string, path: string) => {
      const found = this.#find(word, path, from, depth);
      if (found === undefined) return whole;
      if (found !== ABSENT && found.text !== undefined) return found.text;
      const why = found === ABSENT ? 'there is none here' : 'it is no text';
      this.#given.complain(from, `\`${whole}\` cannot stand in the middle of a text: ${why}`);
      return whole;
    });
  }

  #list(list: readonly unknown[], to: Path, from: Path, depth: number): unknown {
    const spliced = SPLICED.has(String(to.at(-1))) && (to.length === 1 || to.at(-1) === 'steps');
    const filled: unknown[] = [];
    let changed = false;
    list.forEach((item, i) => {
      const at: Path = [...to, filled.length];
      const origin: Path = [...from, i];
      if (filled.length !== i) this.#moved.set(JSON.stringify(at), origin);
      const value = this.any(item, at, origin, depth);
      if (value !== item) changed = true;
      if (value === ABSENT) return;
      if (!(spliced && typeof item === 'string' && Array.isArray(value))) {
        filled.push(value);
        return;
      }
      const whence = this.#moved.get(JSON.stringify(at)) ?? origin;
      value.forEach((inner: unknown, j) => {
        this.#moved.set(JSON.stringify([...to, filled.length]), [...whence, j]);
        filled.push(inner);
      });
    });
    return changed ? filled : list;
  }

  #map(map: Readonly<Record<string, unknown>>, to: Path, from: Path, depth: number): unknown {
    const filled: Record<string, unknown> = {};
    let changed = false;
    for (const [key, item] of Object.entries(map)) {
      const origin: Path = [...from, key];
      const word = key.includes('$' + '{') ? this.#key(key, origin, depth) : key;
      const at: Path = [...to, word];
      if (word !== key) this.#moved.set(JSON.stringify(at), origin);
      const value = this.any(item, at, origin, depth);
      if (value !== item || word !== key) changed = true;
      if (value === ABSENT) continue;
      if (Object.hasOwn(filled, word)) this.#given.complain(origin, `the key \`${word}\` is there already`, undefined, 'key');
      setOwn(filled, word, value);
    }
    return changed ? filled : map;
  }

  #key(key: string, from: Path, depth: number): string {
    return key.replaceAll(REFERENCE, (whole, word: string, path: string) => {
      const found = this.#find(word, path, from, depth);
      if (found === undefined) return whole;
      if (found !== ABSENT && found.text !== undefined) return found.text;
      this.#given.complain(from, `\`${whole}\` cannot be part of a key: it is no text`, undefined, 'key');
      return whole;
    });
  }

  /** Undefined where the name is another's. */
  #find(
    name: string,
    members: string,
    from: Path,
    depth: number,
  ): { text: string | undefined; value: unknown; path: Path } | typeof ABSENT | undefined {
    const binding = this.#given.scope.get(name);
    if (binding === undefined) {
      if (this.#given.others.has(name)) return undefined;
      this.#given.complain(
        from,
        `no axis is named \`${name}\``,
        suggestion(name, [...this.#given.scope.keys(), ...this.#given.others], 'names'),
      );
      return undefined;
    }
    if (members === '') return binding;
    const [first = '', ...rest] = members.slice(1).split('.');
    if (binding.known?.has(first) === false) {
      this.#given.complain(from, `no value of \`${name}\` brings \`${first}\``, suggestion(first, binding.known, 'members'));
      return ABSENT;
    }
    // Where it is written does not matter: nothing of it is kept but the member.
    let value =
      typeof binding.members === 'string'
        ? new Filler(this.#given, new Map()).any(binding.members, [], binding.path, depth + 1)
        : binding.members;
    for (const member of [first, ...rest]) {
      if (!isPlainObject(value) || !Object.hasOwn(value, member)) return ABSENT;
      value = value[member];
    }
    const text = typeof value === 'object' && value !== null ? undefined : String(value);
    return { text, value, path: [...binding.path, first, ...rest] };
  }
}
