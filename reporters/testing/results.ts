import type { CaseRun, Results } from '../../runner/results/result.ts';

/** A case-run that passes, with what a test changes laid over it. */
export function aCaseRun(changes: Partial<CaseRun> = {}): CaseRun {
  return {
    id: 'river/rpc/add@client+json',
    case: 'river/rpc/add',
    title: 'An rpc is answered with exactly one result',
    role: 'client',
    binding: 'json',
    client: { name: 'mine', version: '1.0', reference: false },
    server: { name: 'reference', version: '0', reference: true },
    verdict: 'pass',
    expected: 'as-expected',
    requirements: ['TEST-01'],
    findings: [],
    checkpoints: [],
    variations: [],
    durationMs: 12,
    reproduce: "npx weir run 'river/rpc/add' --role client --binding json",
    ...changes,
  };
}

/** A case-run that fails for one reason, with its story. */
export function aFailure(changes: Partial<CaseRun> = {}, fingerprint = 'expectation/TEST-01/receive/timeout'): CaseRun {
  return aCaseRun({
    verdict: 'fail',
    expected: 'new-failure',
    findings: [
      {
        judge: 'expectation',
        checkpoint: 'step:1',
        requirement: 'TEST-01',
        level: 'MUST',
        message: 'sum read nothing',
        step: 1,
        events: [4],
        fingerprint,
      },
    ],
    story: {
      file: 'cases/river/rpc/add.yaml',
      line: 7,
      column: 5,
      step: 'receive: { from: sum }',
      requirement: { id: 'TEST-01', level: 'MUST', source: 'RPC', text: 'The caller receives the payload.' },
      rows: [
        {
          observed: { n: 3, t: 5, connection: 0, from: 'client', summary: 'open' },
          golden: { n: 3, t: 5, connection: 0, from: 'client', summary: 'open' },
          mark: 'same',
        },
        { observed: { n: 4, t: 9, connection: 0, from: 'server', summary: 'data \u001b[2Jwiped' }, mark: 'wrong' },
        { golden: { n: 4, t: 8, connection: 0, from: 'server', summary: 'data 4' }, mark: 'differs' },
      ],
    },
    trace: 'traces/river-rpc-add@client+json.jsonl',
    ...changes,
  });
}

/** Results of these runs. */
export function someResults(runs: CaseRun[], summary: Record<string, number> = {}): Results {
  return {
    schema: 'weir-results/1',
    weir: '0',
    protocol: 'river',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1000,
    world: 'real',
    seed: 1,
    timeScale: 0.2,
    summary: { total: runs.length, ...summary },
    runs,
  };
}
