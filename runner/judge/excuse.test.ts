import { describe, expect, test } from 'vitest';
import type { Trace } from '../../protocols/common/trace.ts';
import type { Step } from '../cases/step.ts';
import type { Damage, StepOutcome } from '../execute/playing.ts';
import { PUNCTUAL, type Punctuality } from '../execute/punctual.ts';
import type { Finding } from '../results/result.ts';
import { unexcused } from './excuse.ts';

const world = { timeScale: 0.2, patienceMs: 3000 };
const protocol = { timedInvariants: ['p/timed'] };
const late: Punctuality = { lost: { runner: 400, adapter: 500 }, steps: [900], fresh: false };
/** Much for a whole run, and little of three seconds. */
const hardlyLate: Punctuality = { lost: { runner: 100, adapter: 0 }, steps: [100], fresh: false };
const fresh: Punctuality = { ...PUNCTUAL, fresh: true };

const finding = (judge: Finding['judge'], checkpoint: string, field: string, changes: Partial<Finding> = {}): Finding => ({
  ...{ judge, checkpoint, level: 'MUST', message: 'm', events: [], fingerprint: `${judge}/R-1/kind/${field}` },
  ...(checkpoint.startsWith('step:') ? { step: 0 } : {}),
  ...changes,
});

interface Seen {
  readonly within?: number;
  readonly damage?: Damage;
  readonly verdict?: 'fail' | 'warn' | 'error';
  readonly strict?: boolean;
}

/** Whether a finding counts whatever another run shows. */
function stands(found: Finding, punctuality: Punctuality, { within = 4000, damage, verdict = 'fail', strict = false }: Seen = {}): boolean {
  const field = found.fingerprint.split('/').at(-1) ?? '';
  const broken: StepOutcome = { ok: false, field, message: 'm', events: [], ...(damage === undefined ? {} : { damage }) };
  const played = { outcomes: [broken], lost: punctuality.steps, failure: undefined };
  const step: Step = {
    ...{ index: 0, line: 1, column: 1, requirement: undefined, text: 'receive' },
    action: { kind: 'receive', call: 'c', ok: undefined, error: undefined, metadata: undefined, within },
  };
  const wholeTrace = ['client', 'server'].map((from, n) => ({ type: 'sent', n, from })) as unknown as Trace;
  const assignment = { case: { steps: [step] }, role: 'client' } as const;
  const those = unexcused({ verdict, findings: [found] }, { played, punctuality, wholeTrace }, assignment, protocol, world, strict);
  return those.length === 1;
}

describe('nothing excuses', () => {
  test.each([PUNCTUAL, late, fresh])('a frame that breaks a rule of every trace, or a value that was changed: %j', (punctuality) => {
    expect(stands(finding('invariant', 'invariant:p/numbers', 'violation', { events: [0] }), punctuality)).toBe(true);
    expect(stands(finding('invariant', 'invariant:p/values', 'violation', { harm: 'changed' }), punctuality)).toBe(true);
    expect(stands(finding('expectation', 'step:0', 'value.msg'), punctuality, { damage: 'changed' })).toBe(true);
  });

  test('what else is not as it must be, where everyone was punctual', () => {
    expect(stands(finding('invariant', 'invariant:p/numbers', 'violation'), PUNCTUAL)).toBe(true);
    expect(stands(finding('expectation', 'step:0', 'code'), PUNCTUAL)).toBe(true);
    expect(stands(finding('expectation', 'step:0', 'error'), PUNCTUAL, { damage: 'missing' })).toBe(true);
    expect(stands(finding('trace', 'trace:main/a', 'value'), PUNCTUAL)).toBe(true);
  });

  test('what never came, though little of a long wait was lost', () => {
    const wait = finding('expectation', 'step:0', 'timeout');
    expect(stands(wait, PUNCTUAL)).toBe(true);
    expect(stands(wait, hardlyLate)).toBe(true);
  });

  test('what only a strict run minds, in one', () => {
    const should = finding('invariant', 'invariant:p/numbers', 'violation', { level: 'SHOULD' });
    expect(stands(should, PUNCTUAL, { strict: true })).toBe(true);
    expect(stands(should, PUNCTUAL)).toBe(false);
  });
});

describe('being crowded excuses', () => {
  test.each([late, fresh, hardlyLate])('what is not as the case wants it where somebody was late: %j', (punctuality) => {
    expect(stands(finding('expectation', 'step:0', 'code'), punctuality)).toBe(false);
    expect(stands(finding('expectation', 'step:0', 'error'), punctuality, { damage: 'missing' })).toBe(false);
    expect(stands(finding('trace', 'trace:main/a', 'value'), punctuality)).toBe(false);
  });

  test.each([late, fresh, hardlyLate])('a frame that a rule of every trace misses, where somebody was late: %j', (punctuality) => {
    expect(stands(finding('invariant', 'invariant:p/numbers', 'violation'), punctuality)).toBe(false);
    expect(stands(finding('invariant', 'invariant:p/numbers', 'violation', { events: [1, 0] }), punctuality)).toBe(false);
  });

  test('a long wait of which much was lost, or in a process that was new', () => {
    const wait = finding('expectation', 'step:0', 'timeout');
    expect(stands(wait, late)).toBe(false);
    expect(stands(wait, fresh)).toBe(false);
  });

  test('what had to come in a time that the case states, however punctual everyone was', () => {
    expect(stands(finding('expectation', 'step:0', 'timeout'), PUNCTUAL, { within: 600 })).toBe(false);
    expect(stands(finding('expectation', 'step:0', 'too-early'), PUNCTUAL)).toBe(false);
    expect(stands(finding('expectation', 'step:0', 'value.msg', { timed: true }), PUNCTUAL, { damage: 'changed' })).toBe(false);
    expect(stands(finding('invariant', 'invariant:p/timed', 'violation'), PUNCTUAL)).toBe(false);
  });

  test('what says nothing of one run alone, and what is a question', () => {
    for (const judge of ['binding', 'wire', 'carrier', 'adapter'] as const) {
      expect(stands(finding(judge, judge, 'value'), PUNCTUAL)).toBe(false);
    }
    const question = { spec: 's', official: 'o', demanded: 'spec' } as const;
    expect(stands(finding('invariant', 'invariant:p/numbers', 'violation', { question }), PUNCTUAL)).toBe(false);
    expect(stands(finding('invariant', 'invariant:p/numbers', 'violation'), PUNCTUAL, { verdict: 'error' })).toBe(false);
  });
});
