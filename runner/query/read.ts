import { FACET_NAMES, facetOf, type Quantifier, type Query, VALUES } from './grammar.ts';

/** Longest query that is read, in characters. */
export const LONGEST_QUERY = 2000;
/** Parentheses inside each other. */
const DEEPEST_QUERY = 30;

/** What is wrong with a query, and where. */
export class QueryError extends Error {
  /** Characters before the place. */
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.name = 'QueryError';
    this.at = at;
  }
}

interface Token {
  readonly kind: '(' | ')' | '!' | 'text';
  /** What stands there, quotes taken away. */
  readonly text: string;
  /** Whether some of it stood in quotes, so that it is no word of the grammar. */
  readonly quoted: boolean;
  readonly at: number;
}

/** Reads a query. Throws a `QueryError` that says what is wrong with it, and where. */
export function readQuery(text: string): Query {
  if (text.length > LONGEST_QUERY) throw new QueryError(`a query has at most ${LONGEST_QUERY} characters`, LONGEST_QUERY);
  const reader = new Reader(tokensOf(text), text.length);
  const query = reader.either(0, false);
  const rest = reader.next();
  if (rest !== undefined) throw new QueryError('there is no ( for this )', rest.at);
  return query;
}

/** One pass over the tokens. */
class Reader {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #at = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  /** Terms beside each other, with `or` between them. `inside`: whether a quantifier stands around. */
  either(depth: number, inside: boolean): Query {
    const of = [this.#beside(depth, inside)];
    while (isWord(this.next(), 'or')) {
      this.#at += 1;
      of.push(this.#beside(depth, inside));
    }
    return of.length === 1 ? (of[0] as Query) : { kind: 'or', of };
  }

  #beside(depth: number, inside: boolean): Query {
    const of: Query[] = [];
    const begun = this.next()?.at ?? this.#end;
    for (let token = this.next(); token !== undefined && token.kind !== ')' && !isWord(token, 'or'); token = this.next()) {
      if (isWord(token, 'and')) this.#at += 1;
      else of.push(this.#term(depth, inside));
    }
    // Nothing at all asks for everything; nothing beside an `or` or in parentheses is a slip.
    if (of.length === 0 && (depth > 0 || this.next() !== undefined || this.#at > 0))
      throw new QueryError('something is missing here', begun);
    const joined = withEither(of);
    return joined.length === 1 ? (joined[0] as Query) : { kind: 'and', of: joined };
  }

  #term(depth: number, inside: boolean): Query {
    const token = this.next();
    if (token === undefined || token.kind === ')') throw new QueryError('something is missing here', token?.at ?? this.#end);
    if (depth >= DEEPEST_QUERY) throw new QueryError(`nested more than ${DEEPEST_QUERY} levels deep`, token.at);
    this.#at += 1;
    if (token.kind === '!' || isWord(token, 'not')) return { kind: 'not', of: this.#term(depth + 1, inside) };
    if (token.kind === '(') return this.#inner(token, () => this.either(depth + 1, inside));
    const opening = this.next();
    const quantifier = opening?.kind === '(' && opening.at === token.at + token.text.length && !token.quoted;
    if (!quantifier) return termOf(token);
    this.#at += 1;
    if (inside) throw new QueryError(`${token.text}(…) stands inside another; each looks at all cells of a case-run`, token.at);
    if (token.text === 'seq') return this.#inner(opening, () => this.#sequence(depth + 1));
    const by = quantifierOf(token);
    return this.#inner(opening, () => ({ kind: 'quantified', by, of: this.either(depth + 1, true) }));
  }

  #sequence(depth: number): Query {
    const of: Query[] = [];
    while (this.next() !== undefined && this.next()?.kind !== ')') of.push(this.#term(depth, true));
    if (of.length < 2)
      throw new QueryError(
        'seq(…) has two terms or more, each for one column; one of several words stands in parentheses',
        this.next()?.at ?? this.#end,
      );
    return { kind: 'sequence', of };
  }

  /** What stands in parentheses that were opened, and their end. */
  #inner(opening: Token, read: () => Query): Query {
    const query = read();
    if (this.next()?.kind !== ')') throw new QueryError('this ( is not closed', opening.at);
    this.#at += 1;
    return query;
  }
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'text' && !token.quoted && token.text === word;
}

/** Two values of one facet beside each other mean either of them, as they do in the filter of a report. */
function withEither(terms: readonly Query[]): Query[] {
  const joined: Query[] = [];
  for (const term of terms) {
    const at = term.kind === 'facet' ? joined.findIndex((each) => each.kind === 'facet' && each.facet === term.facet) : -1;
    const before = joined[at];
    if (term.kind === 'facet' && before?.kind === 'facet') joined[at] = { ...before, values: [...before.values, ...term.values] };
    else joined.push(term);
  }
  return joined;
}

function quantifierOf({ text, at }: Token): Quantifier {
  if (text === 'some' || text === 'all' || text === 'none') return { kind: text };
  const count = /^count:(\d{1,6})(?:(-)(\d{1,6})?)?$/.exec(text);
  if (count === null) {
    throw new QueryError(`${text}(…) is none; there are some(…), all(…), none(…), count:2(…), count:2-(…), count:2-5(…) and seq(… …)`, at);
  }
  const least = Number(count[1]);
  const most = count[2] === undefined ? least : count[3] === undefined ? Number.POSITIVE_INFINITY : Number(count[3]);
  if (most < least) throw new QueryError(`${text}: the second number is the smaller one`, at);
  return { kind: 'count', least, most };
}

function termOf({ text, at, quoted }: Token): Query {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(0, colon));
  // An id may have a colon, and what stands in quotes is looked for as it is.
  if (!/^[a-z]+$/.test(name) || (quoted && facetOf(name) === undefined)) return { kind: 'word', word: text.toLowerCase() };
  const facet = facetOf(name);
  if (facet === undefined) throw new QueryError(`there is no ${name}; a query may name ${FACET_NAMES.join(', ')}`, at);
  const value = text.slice(colon + 1);
  const values = VALUES[facet];
  if (value === '') throw new QueryError(`${name}: of what?${values === undefined ? '' : ` There are ${values.join(', ')}`}`, at);
  if (values !== undefined && !values.includes(value)) throw new QueryError(`${name}:${value} is none; there are ${values.join(', ')}`, at);
  return { kind: 'facet', facet, values: [value] };
}

/** Values with spaces or parentheses stand in quotes. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    if (/\s/.test(char)) at += 1;
    else if (char === '(' || char === ')' || char === '!') {
      tokens.push({ kind: char, text: char, quoted: false, at });
      at += 1;
    } else {
      const begun = at;
      let read = '';
      let quoted = false;
      while (at < text.length && !/[\s()]/.test(text[at] as string)) {
        if (text[at] === '"') {
          const end = text.indexOf('"', at + 1);
          if (end < 0) throw new QueryError('this " is not closed', at);
          read += text.slice(at + 1, end);
          quoted = true;
          at = end + 1;
        } else {
          read += text[at];
          at += 1;
        }
      }
      tokens.push({ kind: 'text', text: read, quoted, at: begun });
    }
  }
  return tokens;
}
