import { describe, expect, test } from 'vitest';
import type { CarrierProblem } from '../../protocols/common/carrier.ts';
import type { Role } from '../../protocols/common/frame.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import { judgeCarrier, judgeCarrierOfStrangers } from './carrier-judge.ts';

const refusal: CarrierProblem = { kind: 'upgrade-refused', detail: '403', text: 'answered the upgrade with HTTP 403', allowed: true };
const nonsense: CarrierProblem = { kind: 'broken-http', detail: 'status-line', text: 'sent what is no HTTP/1.1', own: true };

const traceOf = (from: Role, problem: CarrierProblem): Trace => [
  { n: 0, t: 0, type: 'opened', connection: 0 },
  { n: 1, t: 0, type: 'carrier', connection: 0, from, problem },
];

describe('what goes wrong below the messages', () => {
  test.each([
    ['a refusal by its server is', 'client', 'server', refusal, 1],
    ['what its server itself wrote wrong is not', 'client', 'server', nonsense, 0],
    ['what it wrote itself is', 'client', 'client', nonsense, 1],
    ['what its caller wrote is not', 'server', 'client', nonsense, 0],
    ['a refusal of its own is', 'server', 'server', refusal, 1],
  ] as const)('%s laid to the %s', (_what, role, from, problem, findings) => {
    expect(judgeCarrier(traceOf(from, problem), role).findings).toHaveLength(findings);
  });

  test.each([
    ['a refusal is laid to nobody', 'server', refusal, 0, 0],
    ['nonsense to who wrote it', 'server', nonsense, 0, 1],
    ['nonsense to who wrote it', 'client', nonsense, 1, 0],
  ] as const)('between strangers %s', (_what, from, problem, client, server) => {
    const trace = traceOf(from, problem);
    const found = (['client', 'server'] as const).map((role) => judgeCarrierOfStrangers(trace, role).findings.length);
    expect(found).toEqual([client, server]);
  });
});
