import { beforeAll, describe, expect, it } from 'vitest';
import type { MakeReferenceClient } from '../protocols/common/protocol.ts';
import { loadProtocol } from './cli/load.ts';
import { runConfirmed } from './confirm.ts';
import type { Assignment, Completed, CorpusRun } from './execute/case-run.ts';
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
/** One file, a case for each of its values. */
let table: readonly Assignment[];
beforeAll(async () => {
  const names = ['river/rpc/add', 'river/rpc/union', 'river/rpc/recursive'];
  const { protocol, corpus, entry } = await loadProtocol('river', [...names, 'river/handshake/response-payload/*']);
  const world = simulatedWorld();
  reference = referenceEnds(await entry.makeClient(), await entry.makeServer(corpus.services));
  const { requirements, procedureKinds } = corpus;
  const more = { seed: 1, strict: false, concurrency: 1, now: () => 0 };
  common = { protocol, requirements, procedureKinds, world, golden: goldenSource(world, reference), ...more };
  const underTest = referenceFacts(protocol);
  const planned = plan(
    corpus,
    { patterns: [], roles: ['client'], bindings: ['json'] },
    { underTest, peer: underTest },
    { bindings: ['json'] },
  );
  assignments = planned.filter((each) => names.includes(each.case.id));
  table = planned.filter((each) => each.case.id.startsWith('river/handshake/response-payload/'));
});

/** All that is looked at. */
function published({ assignment: { id, role }, judged: { verdict, findings } }: Completed): CaseRun {
  return { id, role, verdict, findings: [...findings], expected: verdict === 'fail' ? 'new-failure' : 'as-expected' } as CaseRun;
}

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
    publish: async (completed) => published(completed),
    stands: () => false,
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
    publish: async (completed) => ({ ...published(completed), expected: 'as-expected' }),
    stands: () => false,
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

/** Runs one case with a client that does nothing, in a world that loses time in so many runs; gives what was told and how often was run. */
async function late(times: number) {
  let runs = 0;
  const reports: (string | undefined)[] = [];
  const { world } = common;
  const losing: typeof world = {
    ...world,
    run: (setting, use) => {
      runs += 1;
      let lost = 0;
      const value = (): number => {
        lost += 1e6;
        return runs <= times ? lost : 0;
      };
      return world.run(setting, (stage) => use(Object.create(stage, { lostMs: { value } })));
    },
  };
  await runConfirmed({
    run: {
      ...common,
      world: losing,
      withEnds: (_assignment, _company, use) => use(inProcess({ ...reference, client: { kind: 'reference', make: idle } })),
      stopped: () => false,
    },
    assignments: assignments.slice(0, 1),
    publish: async (completed) => ({ ...published(completed), ...(completed.tooSlow === undefined ? {} : { verdict: 'unclear' }) }),
    stands: () => false,
    isDoubtful: () => true,
    report: ({ verdict }) => void reports.push(verdict),
    bail: Number.POSITIVE_INFINITY,
    endShared: nothing,
  });
  return { runs, reports };
}

it.each([
  [1, 2, 'fail'],
  [3, 4, 'fail'],
  [4, 5, 'fail'],
  [9, 5, 'unclear'],
])('where %i runs of a case came too late to tell it is run %i times', async (times, runs, verdict) => {
  expect(await late(times)).toEqual({ runs, reports: [verdict] });
});

describe('what fails in company alone', () => {
  /** Runs three cases with a client that in company loses what is read; so many runs lose time. Gives what was told, and how often was run. */
  async function inCompany(lateRuns: number) {
    const runs: string[] = [];
    const reports: (string | undefined)[] = [];
    const { world } = common;
    const lateAtFirst: typeof world = {
      ...world,
      run: (setting, use) => {
        let lost = 0;
        const isLate = runs.length <= lateRuns;
        const value = (): number => {
          lost += 1e6;
          return isLate ? lost : 0;
        };
        return world.run(setting, (stage) => use(Object.create(stage, { lostMs: { value } })));
      },
    };
    const { client } = reference;
    const make: MakeReferenceClient = (environment, dial, events) => {
      if (client.kind !== 'reference') throw new Error('no reference client');
      return client.make(environment, dial, { ...events, message: () => undefined, end: () => undefined });
    };
    await runConfirmed({
      run: {
        ...common,
        world: lateAtFirst,
        withEnds: (_assignment, company, use) => {
          runs.push(company);
          return use(inProcess(company === 'shared' ? { ...reference, client: { kind: 'reference', make } } : reference));
        },
        stopped: () => false,
      },
      assignments,
      publish: async (completed) => published(completed),
      stands: (second, { first, completed }) => second.verdict === 'pass' && first.verdict === 'fail' && completed.unexcused.length > 0,
      isDoubtful: ({ verdict }) => verdict === 'fail',
      report: ({ verdict, apart }) => void reports.push(apart === undefined ? verdict : `${verdict}, apart ${apart}`),
      bail: Number.POSITIVE_INFINITY,
      endShared: nothing,
    });
    return { runs: runs.join(' '), reports };
  }

  it('is tried in company once more, and told where it shows without excuse', async () => {
    expect(await inCompany(3)).toEqual({
      runs: 'shared shared shared apart apart apart shared shared shared',
      reports: Array(3).fill('fail, apart pass'),
    });
  });

  it('is taken back where everyone was late once more', async () => {
    expect((await inCompany(99)).reports).toEqual(['pass', 'pass', 'pass']);
  });
});

describe('one cause', () => {
  /** Runs the table of one case with a client that is wrong where `isWrong` says so; gives what was told of each, and which were run apart. */
  async function tabled(isWrong: (id: string, company: string) => boolean) {
    const apart: string[] = [];
    const reports = new Map<string, CaseRun>();
    await runConfirmed({
      run: {
        ...common,
        withEnds: ({ id }, company, use) => {
          if (company !== 'shared') apart.push(id);
          return use(inProcess(isWrong(id, company) ? { ...reference, client: { kind: 'reference', make: idle } } : reference));
        },
        stopped: () => false,
      },
      assignments: table,
      publish: async (completed) => published(completed),
      stands: () => false,
      isDoubtful: ({ verdict }) => verdict === 'fail',
      report: (run) => void reports.set(run.id, run),
      bail: Number.POSITIVE_INFINITY,
      endShared: nothing,
    });
    return { apart, verdicts: table.map(({ id }) => reports.get(id)?.verdict), by: table.map(({ id }) => reports.get(id)?.confirmedBy) };
  }

  it('is confirmed by a few of the case-runs that came in time', async () => {
    const { apart, verdicts, by } = await tabled(() => true);
    expect(table.length).toBeGreaterThan(8);
    expect(apart).toHaveLength(Math.ceil(table.length / 8));
    expect(new Set(verdicts)).toEqual(new Set(['fail']));
    // Whoever was not run again says which one stands for it.
    expect(by).toEqual(table.map(({ id }) => (apart.includes(id) ? undefined : apart[0])));
  });

  it('that shows in one process beside others alone is taken back for each', async () => {
    const { apart, verdicts, by } = await tabled((_, company) => company === 'shared');
    expect(apart.toSorted()).toEqual(table.map(({ id }) => id).toSorted());
    expect(new Set(verdicts)).toEqual(new Set(['pass']));
    expect(new Set(by)).toEqual(new Set([undefined]));
  });

  it('is asked of each once one of the few does not repeat it', async () => {
    const first = (await tabled(() => true)).apart[0];
    const { apart, verdicts } = await tabled((id, company) => company === 'shared' || id !== first);
    expect(apart.toSorted()).toEqual(table.map(({ id }) => id).toSorted());
    expect(verdicts).toEqual(table.map(({ id }) => (id === first ? 'pass' : 'fail')));
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
    // The first two once more in company, as both were better apart; the third has none.
    expect(runs).toEqual(['shared', 'shared', 'apart', 'apart', 'shared', 'shared', 'shared', 'apart']);
  });
});
