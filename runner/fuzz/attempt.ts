import type { Role } from '../../protocols/common/frame.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Catalogue } from '../cases/case.ts';
import { caseParser } from '../cases/parse.ts';
import { CorpusError } from '../cases/problem.ts';
import type { Completed, CorpusRun } from '../execute/case-run.ts';
import { runCorpus } from '../execute/corpus-run.ts';
import type { GoldenSource, GoldenUse } from '../execute/golden.ts';
import { alwaysInProcess, type ReferenceEnds } from '../execute/reference-ends.ts';
import type { FixedTimers } from '../plan/plan.ts';
import { runId } from '../plan/run-id.ts';
import { seedOf } from '../seed-of.ts';
import type { World } from '../worlds/world.ts';

/** Everything that runs generated cases. */
export interface Bench {
  readonly protocol: Protocol;
  readonly catalogue: Catalogue;
  readonly run: Omit<CorpusRun, 'protocol' | 'requirements' | 'procedureKinds' | 'concurrency' | 'stopped'>;
  /** Timers that the end in that role has whatever a case says, ms of the world of `run`. */
  readonly fixedTimers?: ((role: Role) => FixedTimers | undefined) | undefined;
}

/** Runs a case that is given as text. */
export type Attempt = (text: string, axes: { readonly id: string; readonly role: Role; readonly binding: string }) => Promise<Completed>;

/** Prepares runs of generated cases. What it gives throws a `CorpusError` where the text is no case, which is a bug of whoever made it. */
export function attempts({ protocol, catalogue, run, fixedTimers }: Bench, goldenUse: GoldenUse): Attempt {
  const parse = caseParser(protocol, catalogue);
  const corpusRun = { ...run, ...catalogue, protocol, goldenUse, concurrency: 1, stopped: () => false };
  return async (text, { id, role, binding }) => {
    const parsed = parse(`${id}.yaml`, id, text);
    if (!parsed.ok) throw new CorpusError(parsed.problems);
    const own = underName(`${id} ${seedOf(0, text)}`, run.golden);
    const completed: Completed[] = [];
    const assignment = { id: runId(id, role, binding, 1), case: parsed.case, role, binding, repeat: 1, fixedTimers: fixedTimers?.(role) };
    await runCorpus({ ...corpusRun, golden: own }, [assignment], (each) => void completed.push(each));
    const [only] = completed;
    if (only === undefined) throw new Error(`${id} was not run`);
    return only;
  };
}

/** Golden traces are kept by the case's id, and many texts have the same. */
function underName(id: string, golden: GoldenSource): GoldenSource {
  return { of: (casting) => golden.of({ ...casting, case: { ...casting.case, id } }) };
}

/** How many seeds the reference pair must get through a scenario with, before a failure of something else counts. */
const REFERENCES = 4;

/** The reference pair under several seeds; `fixedTimers` as in `Bench`, ms of `simulated`. */
export function referencePairs(
  bench: Bench,
  pair: ReferenceEnds,
  simulated: World,
  fixedTimers?: Bench['fixedTimers'],
): readonly Attempt[] {
  const withEnds = alwaysInProcess(pair);
  return Array.from({ length: REFERENCES }, (_, i) =>
    attempts({ ...bench, fixedTimers, run: { ...bench.run, world: simulated, withEnds, seed: bench.run.seed + 1 + i } }, 'always'),
  );
}
