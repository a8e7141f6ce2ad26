import { isPlainObject } from '../../protocols/common/value.ts';
import { CorpusError } from '../cases/problem.ts';
import { caseFile, type WrittenStep } from '../cases/write.ts';
import type { Completed } from '../execute/case-run.ts';
import type { Attempt } from '../fuzz/attempt.ts';
import { type Draft, entryOf, withSteps } from './draft.ts';
import { BREATH_MS } from './from-wire.ts';
import { withReads } from './reads.ts';

/** A draft that the reference pair gets through, or why there is none. */
export type Fitted = { readonly ok: true; readonly draft: Draft } | { readonly ok: false; readonly reason: string; readonly draft: Draft };

/** Steps without which nothing would happen. */
const NEEDED: ReadonlySet<string> = new Set(['connect', 'invoke']);

/** How a draft is made fit. */
export interface Fitting {
  /** The reference pair under one or more seeds. */
  readonly conforming: readonly Attempt[];
  /**
   * Where applications are to be asked for what they are told, and handlers for what they see (the features that takes); undefined: the
   * draft does so already, and is taken as it is.
   */
  readonly reads: { readonly handlers: readonly string[] } | undefined;
}

/**
 * Makes of a draft a case that the reference pair gets through: what it waits for in vain with a conforming end is left out, and what a
 * conforming end tells its applications is asked for.
 */
export async function fitToPair(draft: Draft, { conforming, reads }: Fitting): Promise<Fitted> {
  if (reads === undefined) {
    const outcome = await firstBroken(draft, conforming);
    if ('reason' in outcome) return { ok: false, reason: outcome.reason, draft };
    return outcome.step === undefined ? { ok: true, draft } : { ok: false, reason: outcome.message, draft };
  }
  const bare = await cleared(draft, conforming.slice(0, 1));
  if (!bare.ok) return bare;
  const trace = bare.completed?.performance?.trace;
  const { steps } = bare.draft.written;
  const whole = trace === undefined ? bare.draft : reading(bare.draft, withReads(steps, trace, bare.draft.role), reads.handlers);
  const read = await cleared(whole, conforming);
  return read.ok ? { ok: true, draft: withSteps(read.draft, tidy(read.draft.written.steps)) } : read;
}

/** The draft with those steps, and the features that they need. */
function reading(draft: Draft, steps: readonly WrittenStep[], handlers: readonly string[]): Draft {
  const { needs } = draft.written;
  if (!steps.some((step) => 'handler' in step)) return withSteps(draft, steps);
  const all = [...new Set([...(Array.isArray(needs) ? needs : []), ...handlers])];
  return withSteps({ ...draft, written: { ...draft.written, needs: all } }, steps);
}

type Cleared = { readonly ok: true; readonly draft: Draft; readonly completed: Completed | undefined } | Extract<Fitted, { ok: false }>;

/** Leaves out one step after the other that does not hold, until all do. */
async function cleared(draft: Draft, conforming: readonly Attempt[]): Promise<Cleared> {
  let { steps } = draft.written;
  for (let left = steps.length; left >= 0; left -= 1) {
    const now = withSteps(draft, steps);
    const outcome = await firstBroken(now, conforming);
    if ('reason' in outcome) return { ok: false, reason: outcome.reason, draft: now };
    if (outcome.step === undefined) return { ok: true, draft: now, completed: outcome.completed };
    const broken = steps[outcome.step];
    if (broken === undefined || NEEDED.has(entryOf(broken)[0])) return { ok: false, reason: outcome.message, draft: now };
    steps = steps.toSpliced(outcome.step, 1);
  }
  return { ok: false, reason: 'no step of it holds', draft };
}

type Outcome =
  | { readonly step: number; readonly message: string }
  | { readonly step: undefined; readonly completed: Completed | undefined }
  | { readonly reason: string };

async function firstBroken(draft: Draft, conforming: readonly Attempt[]): Promise<Outcome> {
  let last: Completed | undefined;
  for (const attempt of conforming) {
    const completed = await tryOut(draft, attempt);
    if (typeof completed === 'string') return { reason: completed };
    last = completed;
    if (isFit(completed)) continue;
    const { judged, performance } = completed;
    const finding = judged.findings.find(({ step }) => step !== undefined) ?? judged.findings[0];
    const step = performance?.played.failure?.step ?? finding?.step;
    const message = finding?.message ?? judged.verdict;
    return step === undefined ? { reason: message } : { step, message };
  }
  return { step: undefined, completed: last };
}

/** Runs a draft. Gives the first thing that is wrong with it where it is no case. */
export async function tryOut(draft: Draft, attempt: Attempt): Promise<Completed | string> {
  try {
    return await attempt(caseFile(draft.written), { id: 'distil/draft', role: draft.role, binding: draft.binding });
  } catch (error) {
    if (error instanceof CorpusError) return error.problems[0]?.message ?? error.message;
    throw error;
  }
}

/** Whether the reference pair gets through; what is disputed breaks nothing. */
export function isFit({ judged }: Completed): boolean {
  return judged.verdict === 'pass' || judged.verdict === 'question';
}

function isBreath(kind: string, value: unknown): boolean {
  return kind === 'quiet' && isPlainObject(value) && value['for'] === BREATH_MS;
}

/** Without awaiting frames that a later step of the same kind waits for anyway, nothing being done in between. */
function tidy(steps: readonly WrittenStep[]): WrittenStep[] {
  return steps.filter((step, i) => {
    const next = steps[i + 1];
    const [kind, value] = entryOf(step);
    if (next === undefined || (kind !== 'await' && !isBreath(kind, value))) return true;
    return !['await', 'receive', 'end', 'closed', 'opened'].includes(entryOf(next)[0]);
  });
}
