import { beforeAll, describe, expect, it } from 'vitest';
import type { MakeReferenceClient } from '../protocols/common/protocol.ts';
import { loadProtocol } from './cli/load.ts';
import { runConfirmed } from './confirm.ts';
import type { Assignment, Completed, CorpusRun } from './execute/corpus-run.ts';
import { goldenSource } from './execute/golden.ts';
import { inProcess, referenceEnds } from './execute/reference-ends.ts';
import { plan } from './plan/plan.ts';
import { referenceFacts } from './plan/reference-facts.ts';
import type { CaseRun } from './results/result.ts';
import { simulatedWorld } from './worlds/simulated/index.ts';

const nothing = async (): Promise<void> => undefined;
const idle: MakeReferenceClient = () => ({
  ...{ connect: nothing, invoke: nothing, send: nothing, finish: nothing, cancel: nothing, disconnect: nothing, script: nothing },
});

let common: Omit<CorpusRun, 'withEnds' | 'stopped'>;
let reference: ReturnType<typeof referenceEnds>;
let assignments: readonly Assignment[];
beforeAll(async () => {
  const { protocol, corpus, entry } = await loadProtocol('river', ['river/rpc/add', 'river/rpc/union', 'river/rpc/recursive']);
  const world = simulatedWorld();
  reference = referenceEnds(await entry.makeClient(), await entry.makeServer(corpus.services));
  const { requirements, procedureKinds } = corpus;
  const more = { seed: 1, strict: false, concurrency: 1, now: () => 0 };
  common = { protocol, requirements, procedureKinds, world, golden: goldenSource(world, reference), ...more };
  const underTest = referenceFacts(protocol);
  assignments = plan(
    corpus,
    { patterns: [], roles: ['client'], bindings: ['json'] },
    { underTest, peer: underTest },
    { bindings: ['json'] },
  );
});

/** Runs three cases with a client that does nothing, but alone only where `wrongAlone` says so; gives what was told and how often was run. */
async function told(wrongAlone: boolean, options: { readonly bail?: number; readonly stopAfter?: number } = {}) {
  const runs: string[] = [];
  const reports: string[] = [];
  const { bail = Number.POSITIVE_INFINITY, stopAfter = Number.POSITIVE_INFINITY } = options;
  await runConfirmed({
    run: {
      ...common,
      withEnds: (_assignment, company, use) => {
        runs.push(company);
        const wrong = company === 'shared' || wrongAlone;
        return use(inProcess(wrong ? { ...reference, client: { kind: 'reference', make: idle } } : reference));
      },
      stopped: () => runs.length >= stopAfter,
    },
    assignments,
    publish: async ({ assignment, judged: { verdict } }: Completed) =>
      // All that is looked at.
      ({ id: assignment.id, verdict, expected: verdict === 'fail' ? 'new-failure' : 'as-expected' }) as CaseRun,
    isDoubtful: ({ verdict }) => verdict === 'fail',
    report: ({ verdict, expected }) => void reports.push(`${verdict} ${expected}`),
    bail,
    endShared: nothing,
  });
  return { runs, reports };
}

it('where one kept the others waiting they are run again one at a time, it last, and no shared process is left', async () => {
  const order: string[] = [];
  let inFlight = 0;
  const [guilty = ''] = assignments.map(({ id }) => id);
  await runConfirmed({
    run: {
      ...common,
      concurrency: 3,
      async withEnds({ id }, company, use) {
        if (company === 'shared') {
          if (id === guilty) throw new Error('it went wrong');
          return use(inProcess({ ...reference, client: { kind: 'reference', make: idle } }));
        }
        inFlight += 1;
        order.push(`${id} ${inFlight}`);
        const result = await use(inProcess(reference));
        inFlight -= 1;
        return result;
      },
      stopped: () => false,
    },
    assignments,
    publish: async ({ assignment, judged: { verdict } }: Completed) => ({ id: assignment.id, verdict, expected: 'as-expected' }) as CaseRun,
    isDoubtful: () => true,
    report: () => {},
    bail: Number.POSITIVE_INFINITY,
    endShared: async () => void order.push('no shared process'),
  });
  expect(order[0]).toBe('no shared process');
  expect(order.slice(1).toSorted()).toEqual(assignments.map(({ id }) => `${id} 1`).toSorted());
  expect(order.at(-1)).toBe(`${guilty} 1`);
});

describe('doubtful verdicts', () => {
  it('are told as the second run gives them', async () => {
    expect((await told(false)).reports).toEqual(['pass as-expected', 'pass as-expected', 'pass as-expected']);
    expect((await told(true)).reports).toEqual(['fail new-failure', 'fail new-failure', 'fail new-failure']);
  });

  it('are told as not confirmed where the run was stopped before', async () => {
    expect((await told(true, { stopAfter: 3 })).reports).toEqual(['fail not-confirmed', 'fail not-confirmed', 'fail not-confirmed']);
  });
});

describe('--bail', () => {
  it('stops after so many that were confirmed, and begins no more in the meantime', async () => {
    const { runs, reports } = await told(true, { bail: 1 });
    expect(reports).toEqual(['fail new-failure']);
    expect(runs).toEqual(['shared', 'apart']);
  });

  it('goes on where they were none', async () => {
    const { runs, reports } = await told(false, { bail: 2 });
    expect(reports).toEqual(['pass as-expected', 'pass as-expected', 'pass as-expected']);
    expect(runs).toEqual(['shared', 'shared', 'apart', 'apart', 'shared', 'apart']);
  });
});
