import type { Role } from '../../protocols/common/frame.ts';
import { caseFile } from '../cases/write.ts';
import type { Unfolded } from './unfold.ts';
import type { Words } from './words.ts';

/** What the head of a generated case says. */
export interface CaseFacts {
  readonly role: Role;
  readonly binding: string;
  readonly title: string;
  readonly note: string;
  /** Whether the wire must look as it does with the reference pair, where it can. */
  readonly compares: boolean;
}

/** Tag of cases in which the reference pair shows what must happen. */
export const HOSTILE = 'hostile';

/** A generated case as the text of its file. */
export function caseText({ steps, needs, server, mood, connections }: Unfolded, words: Words, facts: CaseFacts): string {
  return caseFile({
    title: facts.title,
    requirements: words.requirements,
    'under-test': facts.role,
    bindings: [facts.binding],
    needs,
    server,
    trace: mood === 'calm' || (mood === 'hostile' && facts.compares) ? 'equivalent' : 'free',
    tags: mood === 'hostile' ? [HOSTILE] : [],
    // Every word of it is Weir's own.
    public: true,
    note: facts.note,
    steps,
    expect: connections === undefined ? [] : [{ connections }],
  });
}
