import { compareBindings } from '../judge/binding-judge.ts';
import { conclude } from '../judge/verdict.ts';
import { carryOut, castingOf, needsGolden } from './carry-out.ts';
import type { Assignment, Completed, CorpusRun } from './case-run.ts';
import { longestFirst } from './longest-first.ts';
import { isComplete } from './perform.ts';

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
  const ordered = longestFirst(groupByCase(assignments), ([first]) => first?.case);
  const units = ordered[Symbol.iterator]();
  const perUnit = Math.max(1, new Set(assignments.map((assignment) => assignment.binding)).size);
  const worker = async (): Promise<void> => {
    for (let next = units.next(); next.done !== true && !run.stopped(); next = units.next()) {
      for (const completed of await runUnit(run, next.value)) {
        await done(completed);
        completed.performance?.release();
      }
    }
  };
  const workers = Math.min(ordered.length, Math.max(1, Math.floor(run.concurrency / perUnit)));
  await Promise.all(Array.from({ length: workers }, worker));
}

function groupByCase(assignments: readonly Assignment[]): Assignment[][] {
  const units = new Map<string, Assignment[]>();
  for (const assignment of assignments) {
    const key = `${assignment.case.id} ${assignment.role} ${assignment.repeat}`;
    const unit = units.get(key);
    if (unit === undefined) units.set(key, [assignment]);
    else unit.push(assignment);
  }
  return [...units.values()];
}

/** What `one` gives for each, so many at a time, in order. */
async function atATime<T, R>(all: readonly T[], count: number, one: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < all.length; i += count) results.push(...(await Promise.all(all.slice(i, i + count).map(one))));
  return results;
}

async function runUnit(run: CorpusRun, unit: readonly Assignment[]): Promise<Completed[]> {
  // Golden traces first: making them keeps the process busy, which no run under way should feel as the network's doing.
  for (const assignment of unit) if (needsGolden(run, assignment)) await run.golden.of(castingOf(run, assignment));
  await run.world.ready();
  const completed = await atATime(unit, run.concurrency < unit.length ? 1 : unit.length, (assignment) => {
    run.begun?.(assignment.id);
    return carryOut(run, assignment, run.company ?? 'shared');
  });
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
  const [first] = unit;
  if (first === undefined || seen.length < 2 || first.case.trace === 'free') return completed;
  const judgements = compareBindings(run.protocol, seen, first.role, (id) => run.requirements.get(id));
  return completed.map((each) => {
    const judgement = judgements.get(each.assignment.binding);
    if (judgement === undefined) return each;
    const findings = [...each.judged.findings, ...judgement.findings];
    const checkpoints = [...each.judged.checkpoints, ...judgement.checkpoints];
    return { ...each, judged: { ...each.judged, ...conclude({ findings, checkpoints }, (id) => run.requirements.get(id), run.strict) } };
  });
}
