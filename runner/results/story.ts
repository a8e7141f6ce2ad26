import { diffArrays } from 'diff/lib/diff/array.js';
import type { Lane, NormalisedTrace } from '../../protocols/common/normalise.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import { where } from '../../protocols/common/sequence.ts';
import { diallersIn, type Trace, type TraceEvent } from '../../protocols/common/trace.ts';
import { toTagged } from '../../protocols/common/value.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Masker } from '../masking/masker.ts';
import type { Finding, FrameLine, Story, StoryRow } from './result.ts';
import { type Beside, besideFrames, hasLine, lineOf } from './story-lines.ts';
import { told } from './told.ts';
import { type Said, tellTwinsApart } from './twins.ts';

/** One side of a story: a trace with its normal form. */
export interface StorySide {
  readonly trace: Trace;
  readonly normalised: NormalisedTrace;
}

/** What a story is told from. */
export interface StoryMatter {
  readonly protocol: Protocol;
  readonly case: LoadedCase;
  readonly requirements: ReadonlyMap<string, Requirement>;
  readonly observed: StorySide;
  readonly golden: StorySide | undefined;
  /** Procedure kind of the call that a lane is named after. */
  readonly kindOf: (laneName: string) => string | undefined;
  readonly masker: Masker;
  /** Factor from nominal to the observed run's ms, to show both sides in nominal ms. */
  readonly timeScale: number;
}

/** Rows before and after the frame in question. */
const BEFORE = 6;
const AFTER = 4;

/** Lines that two sides may differ in and still be laid beside each other; the time that takes grows with the square of them. */
const MOST_EDITS = 1000;

/** Tells the story of a finding: where in the case, which rule, and the first wrong frame among its neighbours. Pure. */
export function tellStory(matter: StoryMatter, finding: Finding): Story {
  const step = finding.step === undefined ? undefined : matter.case.steps[finding.step];
  const requirement = finding.requirement === undefined ? undefined : matter.requirements.get(finding.requirement);
  return {
    file: matter.case.file,
    line: step?.line ?? 1,
    column: step?.column ?? 1,
    ...(step === undefined ? {} : { step: told(step.text, matter.masker) }),
    ...(requirement === undefined ? {} : { requirement: requirementOf(requirement) }),
    rows: rowsAround(matter, finding),
  };
}

function requirementOf(requirement: Requirement): NonNullable<Story['requirement']> {
  const { id, level, source, text, disputed } = requirement;
  if (disputed === undefined) return { id, level, source, text };
  const { spec, official, demanded } = disputed;
  return { id, level, source, text, disputed: { spec, official, demanded } };
}

/** What has a line in a story. */
interface Token {
  readonly key: string;
  /** The index of its event. */
  readonly n: number;
  /** What the frame says, in normal form; undefined where it is none. */
  readonly value: unknown;
}

/** A row whose lines are not written yet: only those around the frame in question ever are. */
interface Unwritten {
  readonly observed?: Token | undefined;
  readonly golden?: Token | undefined;
  readonly mark: StoryRow['mark'];
}

function rowsAround(matter: StoryMatter, finding: Finding): StoryRow[] {
  const decisive = finding.events[0];
  const beside = besideFrames(finding, matter.case);
  const observed = tokens(matter, matter.observed, matter.timeScale, new Set(finding.events), beside);
  const golden = matter.golden === undefined ? [] : tokens(matter, matter.golden, 1, new Set(), beside);
  const rows: Unwritten[] = [];
  let [left, right] = [0, 0];
  const parts = diffArrays(golden, observed, { comparator: (a, b) => a.key === b.key, maxEditLength: MOST_EDITS });
  // What differs in so much has no line beside which another belongs.
  for (const part of parts ?? [
    { value: golden, added: false, removed: true },
    { value: observed, added: true, removed: false },
  ]) {
    for (let i = 0; i < part.value.length; i += 1) {
      const row: Unwritten = part.added
        ? { observed: observed[left++], mark: 'differs' }
        : part.removed
          ? { golden: golden[right++], mark: 'differs' }
          : { observed: observed[left++], golden: golden[right++], mark: 'same' };
      rows.push(row.observed !== undefined && row.observed.n === decisive ? { ...row, mark: 'wrong' } : row);
    }
  }
  const wrong = rows.findIndex((row) => row.mark === 'wrong');
  const differs = rows.findIndex((row) => row.mark === 'differs');
  const centre = wrong >= 0 ? wrong : differs >= 0 ? differs : rows.length - 1;
  return written(matter, rows.slice(Math.max(0, centre - BEFORE), centre + AFTER + 1));
}

/** Rows with their lines. */
function written(matter: StoryMatter, rows: readonly Unwritten[]): StoryRow[] {
  const { observed, golden, timeScale, masker } = matter;
  const ours = linesOf(matter, observed, timeScale);
  const theirs = golden === undefined ? undefined : linesOf(matter, golden, 1);
  const lines = rows.map(
    (row): StoryRow => ({
      ...(row.observed === undefined ? {} : { observed: ours(row.observed) }),
      ...(row.golden === undefined ? {} : { golden: theirs?.(row.golden) }),
      mark: row.mark,
    }),
  );
  const said = (side: 'observed' | 'golden'): Said =>
    new Map(
      lines.flatMap((row, i) => {
        const [line, value] = [row[side], rows[i]?.[side]?.value];
        return line === undefined || value === undefined ? [] : [[line, value]];
      }),
    );
  return tellTwinsApart(lines, said('observed'), said('golden'), masker.words);
}

/** Writes what stands in the trace of a side as lines. */
function linesOf(matter: StoryMatter, { trace }: StorySide, timeScale: number): (token: Token) => FrameLine | undefined {
  const diallers = diallersIn(trace);
  return ({ n }) => {
    const event = trace.at(n);
    const line = event && lineOf(event, timeScale, matter);
    return line && toward(line, diallers);
  };
}

/** A line with whom its frame goes to, where that is not the other end. */
function toward(line: FrameLine, diallers: ReturnType<typeof diallersIn>): FrameLine {
  const dialler = line.what === undefined && line.connection !== undefined ? diallers.get(line.connection) : undefined;
  return dialler === undefined ? line : { ...line, to: line.from === 'broker' ? dialler.role : 'broker' };
}

/**
 * The frames of a side in order, heartbeats and the like left out unless the finding points at them. Frames that differ
 * only in what the protocol allows get the same key.
 */
function tokens(
  matter: StoryMatter,
  side: StorySide,
  timeScale: number,
  always: ReadonlySet<number>,
  beside: ReadonlySet<Beside>,
): Token[] {
  const { protocol, kindOf } = matter;
  const keys = new Map<number, string>();
  const values = new Map<number, unknown>();
  const canonical = (lane: Lane): Lane => protocol.variations.reduce((current, rule) => rule.canonical(current, { kindOf }), lane);
  for (const lane of side.normalised.lanes.map(canonical)) {
    for (const item of lane.items) {
      const key = `${lane.from} ${lane.name} ${item.kind} ${JSON.stringify(toTagged(item.value))}`;
      for (const n of item.events.slice(0, 1)) {
        keys.set(n, key);
        values.set(n, item.value);
      }
    }
  }
  const isShown = (event: TraceEvent): event is TraceEvent => always.has(event.n) || keys.has(event.n) || hasLine(event, beside);
  return Array.from(where(side.trace, isShown)).flatMap((event) => {
    const { n } = event;
    const key = keys.get(n) ?? (event.type === 'sent' ? `only here ${n}` : lineOf(event, timeScale, matter)?.summary);
    return key === undefined ? [] : [{ key, n, value: values.get(n) }];
  });
}
