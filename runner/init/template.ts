import type { Role } from '../../protocols/common/frame.ts';

/** What stands in a template for what was chosen. */
export interface Facts {
  readonly name: string;
  readonly protocol: string;
  readonly roles: readonly Role[];
  readonly bindings: readonly string[];
  /** For comments. */
  readonly kinds: readonly string[];
  readonly features: readonly string[];
}

/** A line that holds only this opens (`/`: closes) what one role needs. */
const MARK = /^\s*(?:\/\/|#) <(\/?)(client|server)>$/;

/** Most features that a comment names. */
const MOST_NAMED = 6;

/**
 * A template with its gaps filled: lines between the marks of a role that was not chosen are left out, `__NAME__` and its like stand for
 * words, and a list of the one text `__ROLES__` or `__BINDINGS__` for such a list, in the quotes it has.
 */
export function fill(template: string, facts: Facts): string {
  let open: Role | undefined;
  const lines = template.split('\n').filter((line) => {
    const mark = MARK.exec(line);
    if (mark !== null) open = mark[1] === '/' ? undefined : (mark[2] as Role);
    return mark === null && (open === undefined || facts.roles.includes(open));
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
