import type { Role } from '../../protocols/common/frame.ts';

/** What stands in a template for what was chosen. */
export interface Facts {
  readonly name: string;
  readonly protocol: string;
  readonly roles: readonly Role[];
  readonly bindings: readonly string[];
  /** Whether a broker stands between the ends, which servers dial, too. */
  readonly brokered: boolean;
  /** Names and nominal values, for a comment. */
  readonly timers: Readonly<Record<string, number>>;
  /** For comments. */
  readonly kinds: readonly string[];
  readonly features: readonly string[];
  /** The plainest case of the protocol, by its id; undefined where it has none. */
  readonly first: string | undefined;
}

/** A line that holds only this opens (`/`: closes) what one role needs, or a server that dials a broker, or one that listens. */
const MARK = /^\s*(?:\/\/|#) <(\/?)(client|server|broker|listen)>$/;

/** Most features that a comment names. */
const MOST_NAMED = 6;

/**
 * A template with its gaps filled: lines between the marks of what was not chosen are left out, `__NAME__` and its like stand for
 * words, and a list of the one text `__ROLES__` or `__BINDINGS__` for such a list, in the quotes it has.
 */
export function fill(template: string, facts: Facts): string {
  const chosen = new Set<string>([...facts.roles, facts.brokered ? 'broker' : 'listen']);
  const open: string[] = [];
  const lines = template.split('\n').filter((line) => {
    const [mark, closes, name = ''] = MARK.exec(line) ?? [];
    if (mark === undefined) return open.every((each) => chosen.has(each));
    if (closes === '/') open.pop();
    else open.push(name);
    return false;
  });
  const lists: Readonly<Record<string, readonly string[]>> = { ROLES: facts.roles, BINDINGS: facts.bindings };
  const words: Readonly<Record<string, string>> = {
    NAME: facts.name,
    PROTOCOL: facts.protocol,
    KINDS: facts.kinds.join(', '),
    FEATURES: some(facts.features),
  };
  return lines
    .join('\n')
    .replace(/(['"])__(ROLES|BINDINGS)__\1/g, (_all, quote: string, list: string) =>
      (lists[list] ?? []).map((each) => `${quote}${each}${quote}`).join(', '),
    )
    .replace(/__([A-Z]+)__/g, (all, word: string) => words[word] ?? all);
}

function some(features: readonly string[]): string {
  if (features.length === 0) return 'there are none';
  const more = features.length - MOST_NAMED;
  return `${features.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
