/** What a query may name, as in `verdict:fail`. */
export const FACETS = ['verdict', 'implementation', 'version', 'area', 'role', 'binding', 'requirement', 'broken', 'cause', 'is'] as const;
/** What a query may name. */
export type Facet = (typeof FACETS)[number];

/** Shorter and other names of facets. */
const OTHER_NAMES: Readonly<Record<string, Facet>> = { status: 'verdict', impl: 'implementation', codec: 'binding' };

/** The values of those facets that have few. */
export const VALUES: Readonly<Partial<Record<Facet, readonly string[]>>> = {
  verdict: ['pass', 'question', 'warn', 'fail', 'skip', 'error', 'unclear'],
  role: ['client', 'server'],
  is: ['flaky', 'known', 'new', 'different'],
};

/** What is asked of the cells of a case-run as a whole. */
export type Quantifier =
  | { readonly kind: 'some' }
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'count'; readonly least: number; readonly most: number };

/** A question that is put to one cell after the other. */
export type Query =
  | { readonly kind: 'word'; readonly word: string }
  /** One of the values fits. */
  | { readonly kind: 'facet'; readonly facet: Facet; readonly values: readonly string[] }
  | { readonly kind: 'not'; readonly of: Query }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Query[] }
  | { readonly kind: 'quantified'; readonly by: Quantifier; readonly of: Query }
  /** Cells of one track that follow each other fit in turn. */
  | { readonly kind: 'sequence'; readonly of: readonly Query[] };

/** The facet that is called so, if any. */
export function facetOf(name: string): Facet | undefined {
  return FACETS.find((facet) => facet === (Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : name));
}

/** Every name by which a facet may be called. */
export const FACET_NAMES: readonly string[] = [...FACETS, ...Object.keys(OTHER_NAMES)];
