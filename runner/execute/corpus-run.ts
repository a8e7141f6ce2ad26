import { ROLES } from '../../protocols/common/frame.ts';
import { compareBindings } from '../judge/binding-judge.ts';
import { conclude } from '../judge/verdict.ts';
import { carryOut } from './carry-out.ts';
import type { Assignment, Completed, CorpusRun } from './case-run.ts';
import { isPlayedAlike } from './casting.ts';
import { castingOf, needsGolden } from './casting-of.ts';
import { longestFirst } from './longest-first.ts';
import { isComplete, type Performance } from './performance.ts';

/**
 * Carries out case-runs side by side and gives each, judged, to `done`; a long trace can be read only until that is over. The
 * bindings of one case form a unit: they are judged together, since the same case under each binding must give the same (binding
 * equivalence).
 */
export async function runCorpus(
  run: CorpusRun,
  assignments: readonly Assignment[],
  done: (completed: Completed) => void | Promise<void>,
): Promise<void> {
  const ordered = longestFirst(units(run, assignments), ([[first]]) => first?.case);
  const waiting = ordered[Symbol.iterator]();
  const perUnit = Math.max(1, new Set(assignments.map((assignment) => assignment.binding)).size);
  const worker = async (): Promise<void> => {
    for (let next = waiting.next(); next.done !== true && !run.stopped(); next = waiting.next()) {
      const all = await runUnit(run, next.value);
      for (const completed of all) await done(completed);
      for (const performance of new Set(all.map((completed) => completed.performance))) performance?.release();
    }
  };
  const workers = Math.min(ordered.length, Math.max(1, Math.floor(run.concurrency / perUnit)));
  await Promise.all(Array.from({ length: workers }, worker));
}

/** The case-runs of one case, by binding. Where one performance does for either role, both are there. */
type Unit = readonly [readonly Assignment[], ...(readonly Assignment[])[]];

function units(run: CorpusRun, assignments: readonly Assignment[]): Unit[] {
  const byCase = new Map<string, Map<string, Assignment[]>>();
  for (const assignment of assignments) {
    const { case: loaded, role, binding, repeat } = assignment;
    const judged = run.sameEnds === true && isPlayedAlike(loaded, role) ? 'either' : role;
    const unit = entryOf(byCase, `${loaded.id} ${judged} ${repeat}`, () => new Map<string, Assignment[]>());
    entryOf(unit, binding, (): Assignment[] => []).push(assignment);
  }
  return [...byCase.values()].flatMap((unit) => {
    const [first, ...others] = unit.values();
    return first === undefined ? [] : [[first, ...others] satisfies Unit];
  });
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** What `one` gives for each, so many at a time, in order. */
async function atATime<T, R>(all: readonly T[], count: number, one: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < all.length; i += count) results.push(...(await Promise.all(all.slice(i, i + count).map(one))));
  return results;
}

async function runUnit(run: CorpusRun, unit: Unit): Promise<Completed[]> {
  // Golden traces first: making them keeps the process busy, which no run under way should feel as the network's doing.
  for (const assignment of unit.flat()) if (needsGolden(run, assignment)) await run.golden.of(castingOf(run, assignment));
  await run.world.ready();
  const completed = await atATime(unit, run.concurrency < unit.length ? 1 : unit.length, (runs) => carryOutEach(run, runs));
  return ROLES.flatMap((role) =>
    equivalent(
      run,
      completed.flat().filter(({ assignment }) => assignment.role === role),
    ),
  );
}

/** Case-runs of one case and binding. The second goes by what was seen of the first, unless that broke off: then why may hang on who is judged. */
async function carryOutEach(run: CorpusRun, runs: readonly Assignment[]): Promise<Completed[]> {
  const all: Completed[] = [];
  let seen: Performance | undefined;
  for (const assignment of runs) {
    run.begun?.(assignment.id);
    const completed = await carryOut(run, assignment, run.company ?? 'shared', seen);
    const { performance } = completed;
    if (performance !== undefined && isComplete(performance.played, assignment.case)) seen = performance;
    all.push(completed);
  }
  return all;
}

/** The case-runs of one case and role, judged by each other, too: each binding must give the same. */
function equivalent(run: CorpusRun, completed: readonly Completed[]): readonly Completed[] {
  const seen = completed.flatMap(({ assignment, performance }) =>
    performance !== undefined && isComplete(performance.played, assignment.case)
      ? [
          {
            binding: assignment.binding,
            calls: performance.calls,
            facts: performance.facts,
            trace: performance.trace,
            normalised: performance.normalised,
          },
        ]
      : [],
  );
  const [first] = completed;
  if (first === undefined || seen.length < 2 || first.assignment.case.trace === 'free') return completed;
  const judgements = compareBindings(run.protocol, seen, first.assignment.role, (id) => run.requirements.get(id));
  return completed.map((each) => {
    const judgement = judgements.get(each.assignment.binding);
    if (judgement === undefined) return each;
    const findings = [...each.judged.findings, ...judgement.findings];
    const checkpoints = [...each.judged.checkpoints, ...judgement.checkpoints];
    return { ...each, judged: { ...each.judged, ...conclude({ findings, checkpoints }, (id) => run.requirements.get(id), run.strict) } };
  });
}
