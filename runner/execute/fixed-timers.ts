import { ROLES, type Role } from '../../protocols/common/frame.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import { judgeRun } from '../judge/judge-run.ts';
import type { FixedTimers, PlannedRun } from '../plan/plan.ts';
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
 * The plan for ends that cannot set some of their timers (`EndFacts.timers`: their values, ms of wall clock, counts as they are).
 * Whether a case needs another value is found out, not declared: the reference pair plays it with these values in virtual time. A case
 * that it passes is run as it is; one that it passes where times are not scaled is run so; any other is skipped.
 */
export async function settleTimers(planned: readonly PlannedRun[], tryOut: TryOut): Promise<PlannedRun[]> {
  const known = new Map<string, Promise<Pick<PlannedRun, 'skip' | 'unscaled'>>>();
  const settled: PlannedRun[] = [];
  for (const run of planned) {
    const fixed = fixedOf(run);
    if (run.skip !== undefined || fixed.length === 0) {
      settled.push(run);
      continue;
    }
    const key = `${run.case.id} ${run.role} ${run.binding}`;
    const outcome = known.get(key) ?? settleOne(run, fixed, tryOut);
    known.set(key, outcome);
    settled.push({ ...run, fixedTimers: byRole(fixed), ...(await outcome) });
  }
  return settled;
}

/** Timers that an end cannot set (`EndFacts.timers`), in ms of a world of that scale; 1: of the real one. Undefined where it sets all. */
export function timersInWorld(
  timers: Readonly<Record<string, number>> | undefined,
  role: Role,
  { counts }: Pick<Protocol, 'counts'>,
  timeScale: number,
): FixedTimers | undefined {
  if (timers === undefined) return undefined;
  const fixed = Object.entries(timers).map(([name, value]) => ({ role, name, value }));
  return byRole(fixed, ({ name, value }) => (counts.includes(name) ? value : value / timeScale));
}

/** A timer that an end cannot set. */
interface Fixed {
  readonly role: Role;
  readonly name: string;
  readonly value: number;
}

function fixedOf(run: PlannedRun): readonly Fixed[] {
  return ROLES.flatMap((role) => Object.entries(run[role].timers ?? {}).map(([name, value]) => ({ role, name, value })));
}

/** `inWorld` tells what a timer is in the world that is meant. */
function byRole(fixed: readonly Fixed[], inWorld: (timer: Fixed) => number = ({ value }) => value): FixedTimers {
  const of = (role: Role) => Object.fromEntries(fixed.filter((each) => each.role === role).map((each) => [each.name, inWorld(each)]));
  return { client: of('client'), server: of('server') };
}

async function settleOne(run: PlannedRun, fixed: readonly Fixed[], tryOut: TryOut): Promise<Pick<PlannedRun, 'skip' | 'unscaled'>> {
  if (await passes(run, fixed, tryOut.timeScale, tryOut)) return { skip: undefined };
  if (tryOut.timeScale !== 1 && (await passes(run, fixed, 1, tryOut))) return { skip: undefined, unscaled: true };
  const guilty: Fixed[] = [];
  for (const timer of fixed) {
    if (!(await passes(run, [timer], 1, tryOut))) guilty.push(timer);
  }
  const told = ROLES.flatMap((role) => {
    const own = (guilty.length > 0 ? guilty : fixed).filter((each) => each.role === role);
    return own.length === 0 ? [] : [`${run[role].name} cannot set ${own.map(({ name, value }) => `${name} (always ${value})`).join(', ')}`];
  });
  return { skip: `${told.join(', ')}, and the case needs another value` };
}

/** Whether the reference pair passes the case where the ends have these timers, in ms of a world of that scale. */
async function passes(run: PlannedRun, fixed: readonly Fixed[], timeScale: number, tryOut: TryOut): Promise<boolean> {
  const { protocol, procedureKinds, requirements, reference, simulated } = tryOut;
  const casting = { ...run, protocol, procedureKinds, seed: 1, fixedTimers: undefined };
  const golden = await tryOut.golden.of(casting);
  // What the reference pair cannot play says nothing of timers.
  if (!golden.ok) return true;
  const fixedTimers = byRole(fixed, ({ name, value }) => (protocol.counts.includes(name) ? value : value / timeScale));
  const performance = await perform(simulated, { ...casting, ...reference, fixedTimers }, golden);
  try {
    const brief = { protocol, case: run.case, role: run.role, requirements, strict: false };
    return judgeRun(brief, performance, golden).verdict === 'pass';
  } catch {
    return false;
  } finally {
    performance.release();
  }
}
