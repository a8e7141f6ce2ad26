import type { Entry } from './rows-of-runs.ts';

/** What a filter may name, as in `verdict:fail binding:json`; anything else is looked for in the words of the case-run. */
export const FACETS = ['verdict', 'area', 'requirement', 'role', 'binding', 'implementation', 'is', 'cause'] as const;
/** What a filter may name. */
export type Facet = (typeof FACETS)[number];

/** What facets were called before. */
const OTHER_NAMES: Readonly<Record<string, Facet>> = { codec: 'binding' };

/** One word of a filter. */
export type Term =
  | { readonly kind: 'facet'; readonly facet: Facet; readonly value: string; readonly not: boolean }
  | { readonly kind: 'word'; readonly word: string; readonly not: boolean };

/** Reads a filter as it is typed. Values with spaces stand in quotes; a leading `!` turns a term round. Never throws. */
export function readFilter(text: string): Term[] {
  const words = text.match(/!?(?:[a-z]+:)?(?:"[^"]*"?|[^\s"]+)/g) ?? [];
  return words.map((word): Term => {
    const not = word.startsWith('!') && word.length > 1;
    const bare = not ? word.slice(1) : word;
    const colon = bare.indexOf(':');
    const name = bare.slice(0, Math.max(0, colon));
    const facet = FACETS.find((each) => each === (OTHER_NAMES[name] ?? name));
    const value = unquoted(facet === undefined ? bare : bare.slice(colon + 1));
    return facet === undefined ? { kind: 'word', word: value.toLowerCase(), not } : { kind: 'facet', facet, value, not };
  });
}

/** Writes terms so that `readFilter` reads them again. */
export function writeFilter(terms: readonly Term[]): string {
  return terms
    .map((term) => `${term.not ? '!' : ''}${term.kind === 'word' ? quoted(term.word) : `${term.facet}:${quoted(term.value)}`}`)
    .join(' ');
}

/** The filter with a value of a facet put in or taken out. Two values of a facet mean either of them. */
export function toggled(text: string, facet: Facet, value: string): string {
  const terms = readFilter(text);
  const is = (term: Term): boolean => term.kind === 'facet' && term.facet === facet && term.value === value && !term.not;
  return writeFilter(terms.some(is) ? terms.filter((term) => !is(term)) : [...terms, { kind: 'facet', facet, value, not: false }]);
}

/** The filter with just this value of a facet; undefined: with none. */
export function withOnly(text: string, facet: Facet, value: string | undefined): string {
  const others = readFilter(text).filter((term) => term.kind !== 'facet' || term.facet !== facet);
  return writeFilter(value === undefined ? others : [...others, { kind: 'facet', facet, value, not: false }]);
}

/** Whether a filter names this value. */
export function names(terms: readonly Term[], facet: Facet, value: string): boolean {
  return terms.some((term) => term.kind === 'facet' && term.facet === facet && term.value === value && !term.not);
}

/** The entries that a filter lets through. */
export function filtered(entries: readonly Entry[], terms: readonly Term[]): Entry[] {
  const wanted = new Map<Facet, string[]>();
  for (const term of terms) {
    if (term.kind === 'facet' && !term.not) wanted.set(term.facet, [...(wanted.get(term.facet) ?? []), term.value]);
  }
  const groups = [...wanted];
  const others = terms.filter((term) => term.kind === 'word' || term.not);
  return entries.filter(
    (entry) =>
      groups.every(([facet, values]) => values.some((value) => holds(entry, facet, value))) &&
      others.every((term) =>
        term.kind === 'word' ? entry.haystack.includes(term.word) !== term.not : !holds(entry, term.facet, term.value),
      ),
  );
}

/** The values of a facet that an entry has. */
export function valuesOf({ run, set, area, news }: Entry, facet: Facet): readonly string[] {
  switch (facet) {
    case 'verdict':
      return [run.verdict];
    case 'area':
      return [area];
    case 'requirement':
      return run.requirements;
    case 'role':
      return [run.role];
    case 'binding':
      return [run.binding];
    case 'implementation':
      return [set.label];
    case 'is':
      return [run.expected === 'not-confirmed' ? 'not-confirmed' : news ? 'new' : run.expected === 'known-failure' ? 'known' : 'expected'];
    case 'cause':
      return [run.findings[0]?.fingerprint ?? run.expected];
  }
}

function holds(entry: Entry, facet: Facet, value: string): boolean {
  return valuesOf(entry, facet).includes(value) || (facet === 'requirement' && entry.run.broken.includes(value));
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1).replace(/"$/, '') : text;
}

function quoted(text: string): string {
  return /[\s"]/.test(text) || text === '' ? `"${text.replaceAll('"', '')}"` : text;
}
