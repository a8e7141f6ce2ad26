import type { Role } from '../../protocols/common/frame.ts';
import type { WrittenCase, WrittenStep } from '../cases/write.ts';

/** A case that is being made of what was recorded. */
export interface Draft {
  readonly role: Role;
  readonly binding: string;
  readonly written: WrittenCase;
  /** What it does otherwise than the recorded run, or had to guess: a sentence each. */
  readonly notes: readonly string[];
}

/** The draft with other steps. */
export function withSteps(draft: Draft, steps: readonly WrittenStep[]): Draft {
  return { ...draft, written: { ...draft.written, steps } };
}

/** The one key of a step, and what stands behind it. */
export function entryOf(step: WrittenStep): readonly [kind: string, value: unknown] {
  const [entry] = Object.entries(step);
  return entry ?? ['', undefined];
}
