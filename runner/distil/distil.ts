import { caseFile } from '../cases/write.ts';
import type { Completed } from '../execute/case-run.ts';
import type { Attempt } from '../fuzz/attempt.ts';
import type { Finding } from '../results/result.ts';
import { type Draft, entryOf, withSteps } from './draft.ts';
import { type Fitting, fitToPair, isFit, tryOut } from './fit-to-pair.ts';
import { shortest } from './shortest.ts';

/** What a case has to show, as far as that is known. */
export type Wanted = Pick<Finding, 'judge' | 'requirement' | 'fingerprint'>;

/** With what drafts are tried. */
export interface DistilBench {
  /** The reference pair, under one or more seeds: a case must pass with it. */
  readonly conforming: readonly Attempt[];
  /** The implementation that the finding is of, where it is at hand. */
  readonly accused: Attempt | undefined;
  /** True ends the shortening. */
  readonly over: () => boolean;
}

/**
 * What the case does with the implementation at hand: `shown`: the same rule is broken; `otherwise`: it does not pass, for another
 * reason; `not-shown`: it passes; `untried`: no implementation is at hand.
 */
export type Shown = 'shown' | 'otherwise' | 'not-shown' | 'untried';

/** A case distilled out of what was recorded. */
export interface Distilled {
  readonly text: string;
  readonly draft: Draft;
  readonly shown: Shown;
  /** How many steps it had before it was made shorter. */
  readonly before: number;
  /** How many shorter ones were tried. */
  readonly tried: number;
  /** What came of it with the implementation at hand. */
  readonly completed: Completed | undefined;
}

/** What came of drafts of the same recording: a case, or why none of them is one. */
export type Made = { readonly ok: true; readonly made: Distilled } | { readonly ok: false; readonly reason: string };

/**
 * Makes a case of the first of these drafts that shows the finding, where the implementation is at hand; where none does, or it is not at
 * hand, of the first that the reference pair gets through. `reads` as in `Fitting`.
 */
export async function distilOneOf(
  [first, ...others]: readonly [Draft, ...Draft[]],
  wanted: Wanted | undefined,
  bench: DistilBench,
  reads: Fitting['reads'],
): Promise<Made> {
  const text = caseFile(first.written);
  const drafts = [first, ...others.filter(({ written }) => caseFile(written) !== text)];
  let made: Distilled | undefined;
  let reason: string | undefined;
  for (const draft of drafts) {
    if (made !== undefined && bench.over()) break;
    const fitted = await fitToPair(draft, { conforming: bench.conforming, reads });
    if (!fitted.ok) reason ??= fitted.reason;
    else {
      const each = await distil(fitted.draft, wanted, bench);
      if (each.shown === 'shown' || each.shown === 'untried') return { ok: true, made: each };
      // Something that is broken is told rather than nothing.
      if (made === undefined || (made.shown === 'not-shown' && each.shown === 'otherwise')) made = each;
    }
  }
  return made === undefined ? { ok: false, reason: reason ?? 'no step of it holds' } : { ok: true, made };
}

/**
 * Makes a draft, which the reference pair gets through, as short as still shows the finding. Without the implementation at hand nobody
 * can tell what still shows it, so that it stays as it is.
 */
export async function distil(given: Draft, wanted: Wanted | undefined, { conforming, accused, over }: DistilBench): Promise<Distilled> {
  let draft = given;
  const before = draft.written.steps.length;
  if (accused === undefined) return { text: caseFile(draft.written), draft, shown: 'untried', before, tried: 0, completed: undefined };
  const { draft: showing, completed: first } = await anyThatShows(draft, wanted, { conforming, accused });
  draft = showing;
  const cause = typeof first === 'string' ? undefined : causeIn(first, wanted);
  if (typeof first === 'string' || cause === undefined) {
    const completed = typeof first === 'string' ? undefined : first;
    return { text: caseFile(draft.written), draft, shown: 'not-shown', before, tried: 0, completed };
  }
  let tried = 0;
  let completed = first;
  const shows = async (candidate: Draft): Promise<boolean> => {
    tried += 1;
    for (const attempt of conforming) {
      const passed = await tryOut(candidate, attempt);
      if (typeof passed === 'string' || !isFit(passed)) return false;
    }
    const again = await tryOut(candidate, accused);
    if (typeof again === 'string' || !isSame(causeIn(again, cause), cause)) return false;
    completed = again;
    return true;
  };
  const steps = await shortest(draft.written.steps, (some) => shows(withSteps(draft, some)), over);
  let short = withSteps(draft, steps);
  for (const key of ['expect', 'server']) {
    if (over() || short.written[key] === undefined) continue;
    const without = { ...short, written: { ...short.written, [key]: undefined } };
    if (await shows(without)) short = without;
  }
  const shown = wanted === undefined || isSame(cause, wanted) ? 'shown' : 'otherwise';
  return { text: caseFile(short.written), draft: short, shown, before, tried, completed };
}

/** What an application seems to have done may be the implementation's own doing: without one such step the draft may show more. */
const GUESSED: ReadonlySet<string> = new Set(['send', 'finish', 'cancel', 'disconnect']);

/** How many such steps are tried, the last ones. */
const MOST_GUESSES = 12;

/** The draft, or one with a guessed step fewer, that shows the finding; the draft itself where none does. */
async function anyThatShows(
  draft: Draft,
  wanted: Wanted | undefined,
  { conforming, accused }: Omit<DistilBench, 'over'> & { readonly accused: Attempt },
): Promise<{ readonly draft: Draft; readonly completed: Completed | string }> {
  const { steps } = draft.written;
  const completed = await tryOut(draft, accused);
  if (typeof completed !== 'string' && causeIn(completed, wanted) !== undefined) return { draft, completed };
  const guessed = [...steps.keys()].filter((i) => GUESSED.has(entryOf(steps[i] ?? {})[0]));
  for (const i of guessed.slice(-MOST_GUESSES)) {
    const fitted = await fitToPair(withSteps(draft, steps.toSpliced(i, 1)), { conforming, reads: { handlers: [] } });
    if (!fitted.ok) continue;
    const again = await tryOut(fitted.draft, accused);
    if (typeof again !== 'string' && causeIn(again, wanted) !== undefined) return { draft: fitted.draft, completed: again };
  }
  return { draft, completed };
}

/** The finding that a run shows: the wanted one if it is among them, else the first that breaks something. */
function causeIn({ judged }: Completed, wanted: Wanted | undefined): Wanted | undefined {
  if (judged.verdict === 'pass' || judged.verdict === 'skip' || judged.verdict === 'unclear') return undefined;
  const news = judged.findings.filter(({ judge }) => judge !== 'harness');
  return (
    news.find((finding) => wanted !== undefined && isSame(finding, wanted)) ??
    news.find(({ question }) => question === undefined) ??
    news[0]
  );
}

/** Whether two findings are of the same rule; where there is none, of the same cause. */
function isSame(a: Wanted | undefined, b: Wanted): boolean {
  if (a === undefined) return false;
  if (a.requirement === undefined || b.requirement === undefined) return a.fingerprint === b.fingerprint;
  return a.requirement === b.requirement;
}
