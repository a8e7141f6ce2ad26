import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import { judgeRun } from '../judge/judge-run.ts';
import type { PlannedRun } from '../plan/plan.ts';
import type { World } from '../worlds/world.ts';
import type { GoldenSource } from './golden.ts';
import { perform } from './perform.ts';
import type { ReferenceEnds } from './reference-ends.ts';

/** What an implementation's fixed timers are tried out with. */
export interface TryOut {
  readonly protocol: Protocol;
  readonly requirements: ReadonlyMap<string, Requirement>;
  readonly procedureKinds: Readonly<Record<string, string>>;
  /** Where the reference pair plays the cases with these timers. */
  readonly simulated: World;
  readonly reference: ReferenceEnds;
  readonly golden: GoldenSource;
  /** Factor from nominal to real ms of the run to come. */
  readonly timeScale: number;
}

/**
 * The plan for an implementation that cannot set some of its timers (`fixed`: their values, ms of wall clock, counts as they are).
 * Whether a case needs another value is found out, not declared: the reference peer plays it with these values in virtual time. A case
 * that it passes is run as it is; one that it passes where times are not scaled is run so; any other is skipped.
 */
export async function settleTimers(
  planned: readonly PlannedRun[],
  fixed: Readonly<Record<string, number>>,
  tryOut: TryOut,
): Promise<PlannedRun[]> {
  const names = Object.keys(fixed);
  if (names.length === 0) return [...planned];
  const known = new Map<string, Promise<Pick<PlannedRun, 'skip' | 'unscaled'>>>();
  const settled: PlannedRun[] = [];
  for (const run of planned) {
    if (run.skip !== undefined) {
      settled.push(run);
      continue;
    }
    const key = `${run.case.id} ${run.role} ${run.binding}`;
    const outcome = known.get(key) ?? settleOne(run, fixed, names, tryOut);
    known.set(key, outcome);
    settled.push({ ...run, fixedTimers: fixed, ...(await outcome) });
  }
  return settled;
}

async function settleOne(
  run: PlannedRun,
  fixed: Readonly<Record<string, number>>,
  names: readonly string[],
  tryOut: TryOut,
): Promise<Pick<PlannedRun, 'skip' | 'unscaled'>> {
  if (await passes(run, fixed, tryOut.timeScale, tryOut)) return { skip: undefined };
  if (tryOut.timeScale !== 1 && (await passes(run, fixed, 1, tryOut))) return { skip: undefined, unscaled: true };
  const guilty: string[] = [];
  for (const name of names) {
    if (!(await passes(run, { [name]: fixed[name] ?? 0 }, 1, tryOut))) guilty.push(name);
  }
  const told = (guilty.length > 0 ? guilty : names).map((name) => `${name} (always ${fixed[name]})`).join(', ');
  return { skip: `${run[run.role].name} cannot set ${told}, and the case needs another value` };
}

/** Whether the reference pair passes the case where the end under test has these timers, in ms of a world of that scale. */
async function passes(run: PlannedRun, fixed: Readonly<Record<string, number>>, timeScale: number, tryOut: TryOut): Promise<boolean> {
  const { protocol, procedureKinds, requirements, reference, simulated } = tryOut;
  const casting = { ...run, protocol, procedureKinds, seed: 1, fixedTimers: undefined };
  const golden = await tryOut.golden.of(casting);
  // What the reference pair cannot play says nothing of timers.
  if (!golden.ok) return true;
  const scaled = Object.entries(fixed).map(([name, value]) => [name, protocol.counts.includes(name) ? value : value / timeScale]);
  const performance = await perform(simulated, { ...casting, ...reference, fixedTimers: Object.fromEntries(scaled) }, golden);
  try {
    const brief = { protocol, case: run.case, role: run.role, requirements, strict: false };
    return judgeRun(brief, performance, golden).verdict === 'pass';
  } catch {
    return false;
  } finally {
    performance.release();
  }
}
