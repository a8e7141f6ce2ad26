import { expect, test } from 'vitest';
import type { Step } from '../cases/step.ts';
import type { StepOutcome } from '../execute/playing.ts';
import { PUNCTUAL, type Punctuality } from '../execute/punctual.ts';
import type { Finding, Verdict } from '../results/result.ts';
import { tooSlowToTell, withoutLateFindings, withoutLatePeers } from './punctuality.ts';

const world = { timeScale: 0.2, patienceMs: 3000 };
const protocol = { timedInvariants: ['p/timed'] };
const opened: Step = {
  ...{ index: 0, line: 1, column: 1, requirement: undefined, text: 'opened' },
  action: { kind: 'opened', after: 0, within: 600 },
};
const timeout: StepOutcome = { ok: false, field: 'timeout', message: 'm', events: [] };
const finding = (judge: Finding['judge'], checkpoint: string, field: string): Finding => ({
  ...{ judge, checkpoint, level: 'MUST', message: 'm', events: [], fingerprint: `${judge}/R-1/kind/${field}` },
  ...(checkpoint.startsWith('step:') ? { step: 0 } : {}),
});

function told(
  punctuality: Punctuality,
  findings: readonly Finding[],
  verdict: 'fail' | 'warn' | 'question' | 'pass' | 'error' = 'fail',
): string | undefined {
  const played = { outcomes: [timeout], lost: punctuality.steps, failure: undefined };
  return tooSlowToTell({ verdict, findings }, { performance: { played, punctuality }, loaded: { steps: [opened] }, protocol, world });
}

const late: Punctuality = { ...PUNCTUAL, lost: { runner: 0, adapter: 117 }, steps: [117] };
const wait = finding('expectation', 'step:0', 'timeout');

test('a wait in vain says nothing where much of its bound was lost, by the adapter or the runner', () => {
  expect(told(late, [wait])).toContain('the adapter 117 ms');
  expect(told({ ...late, lost: { runner: 117, adapter: 0 } }, [wait])).toContain('the runner lost 117 ms');
});

test('it stands where everyone was punctual, or lost little of its bound, or lost it elsewhere', () => {
  expect(told(PUNCTUAL, [wait])).toBeUndefined();
  expect(told({ ...late, lost: { runner: 20, adapter: 0 }, steps: [20] }, [wait])).toBeUndefined();
  expect(told({ ...late, steps: [0] }, [wait])).toBeUndefined();
});

test('so it is with a broker that was asked until the bound was over', () => {
  const asked = finding('expectation', 'step:0', 'broker');
  expect(told(late, [asked])).toContain('the adapter 117 ms');
  expect(told(PUNCTUAL, [asked])).toBeUndefined();
  expect(told({ ...late, lost: { runner: 20, adapter: 0 }, steps: [20] }, [asked])).toBeUndefined();
});

test('the first run of a process is told apart, whatever it lost', () => {
  expect(told({ ...PUNCTUAL, fresh: true }, [wait])).toContain('first run of its process');
});

test('what stands whatever the clock was is a failure on any machine', () => {
  const value = finding('expectation', 'step:0', 'value.msg');
  const rule = finding('invariant', 'invariant:p/numbers', 'violation');
  for (const timeless of [value, rule, finding('adapter', 'adapter', 'refused'), finding('harness', 'start', 'error')]) {
    expect(told(late, [timeless])).toBeUndefined();
    expect(told(late, [wait, timeless])).toBeUndefined();
  }
  expect(told(late, [finding('invariant', 'invariant:p/timed', 'violation')])).toBeDefined();
});

test('that nothing came says nothing where everyone was late', () => {
  const nothing = finding('wire', 'wire:presence', 'missing');
  expect(told(late, [nothing])).toContain('the adapter 117 ms');
  expect(told(PUNCTUAL, [nothing])).toBeUndefined();
  expect(told(late, [finding('wire', 'wire:upgrade', 'refused')])).toBeUndefined();
});

test('a reference peer that was late with the runner is no error of it', () => {
  const pace = finding('harness', 'invariant:p/timed', 'error');
  expect(told(late, [pace], 'error')).toBeDefined();
  expect(told(PUNCTUAL, [pace], 'error')).toBeUndefined();
  expect(told(late, [pace, finding('harness', 'invariant:p/numbers', 'error')], 'error')).toBeUndefined();
});

test('it is not told beside what an implementation got wrong, which stands for what it is', () => {
  const peer = finding('harness', 'invariant:p/timed', 'violation');
  const rule = finding('invariant', 'invariant:p/numbers', 'violation');
  const verdict = (punctuality: Punctuality, findings: readonly Finding[]): string => {
    const played = { outcomes: [timeout], lost: punctuality.steps, failure: undefined };
    const judged = { verdict: 'error', findings, checkpoints: [], variations: [], divergences: [] } as const;
    return withoutLatePeers(judged, { performance: { played, punctuality }, loaded: { steps: [opened] }, protocol, world }, false).verdict;
  };
  expect(verdict(late, [peer, rule])).toBe('fail');
  expect(verdict(PUNCTUAL, [peer, rule])).toBe('error');
  expect(verdict(late, [peer])).toBe('error');
  expect(verdict(late, [finding('harness', 'start', 'error'), rule])).toBe('error');
});

test('what passes needs no excuse', () => {
  expect(told(late, [], 'pass')).toBeUndefined();
});

test('what a second look finds late is not told beside what stands whatever the clock was, where that makes the same verdict', () => {
  const value = finding('expectation', 'step:1', 'value');
  const kept = finding('invariant', 'invariant:p/timed', 'violation');
  const left = (punctuality: Punctuality, findings: readonly Finding[], verdict: Verdict = 'fail'): readonly Finding[] => {
    const played = { outcomes: [timeout], lost: punctuality.steps, failure: undefined };
    const judged = { verdict, findings, checkpoints: [], variations: [], divergences: [] } as const;
    return withoutLateFindings(judged, { performance: { played, punctuality }, loaded: { steps: [opened] }, protocol, world }, false)
      .findings;
  };
  expect(left(late, [value, kept])).toEqual([value]);
  expect(left(PUNCTUAL, [value, kept])).toEqual([value, kept]);
  expect(left({ ...PUNCTUAL, fresh: true }, [value, kept])).toEqual([value, kept]);
  // Else a failure would become a warning without another look.
  const should = { ...value, level: 'SHOULD' as const };
  expect(left(late, [should, kept])).toEqual([should, kept]);
  expect(left(late, [kept])).toEqual([kept]);
});
