import { describe, expect, test } from 'vitest';
import { AdapterError } from '../adapters/error.ts';
import type { Checkpoint, Finding } from '../results/result.ts';
import { failureFinding } from './failure.ts';
import { byWeight, verdictOf } from './verdict.ts';

const held: Checkpoint = { id: 'step:0', judge: 'expectation', requirements: [], outcome: 'held' };
const finding = (level: Finding['level'], judge: Finding['judge'] = 'expectation'): Finding => ({
  judge,
  checkpoint: 'step:0',
  level,
  message: '',
  events: [],
  fingerprint: '',
});

const asked: Finding = { ...finding('MUST'), question: { spec: 'this', official: 'that', demanded: 'spec' } };

describe('a verdict', () => {
  test.each([
    ['all held', [], [held], false, 'pass'],
    ['nothing was checked', [], [], false, 'error'],
    ['something was not reached', [], [held, { ...held, outcome: 'not-reached' }], false, 'error'],
    ['a MUST broken', [finding('MUST')], [held], false, 'fail'],
    ['a MUST-NOT broken', [finding('MUST-NOT')], [held], false, 'fail'],
    ['a SHOULD broken', [finding('SHOULD')], [held], false, 'warn'],
    ['an IMPL rule broken', [finding('IMPL')], [held], false, 'warn'],
    ['a SHOULD broken, strict', [finding('SHOULD')], [held], true, 'fail'],
    ['a MUST among SHOULDs', [finding('SHOULD'), finding('MUST')], [held], false, 'fail'],
    ['a disputed MUST broken', [asked], [held], false, 'question'],
    ['a disputed MUST broken, strict', [asked], [held], true, 'question'],
    ['a disputed MUST beside a SHOULD', [asked, finding('SHOULD')], [held], false, 'warn'],
    ['a disputed MUST beside another', [asked, finding('MUST')], [held], false, 'fail'],
    ['a disputed MUST waived', [], [held, { ...held, outcome: 'waived' }], false, 'pass'],
    [
      'a disputed MUST waived, the rest not played',
      [],
      [
        { ...held, outcome: 'waived' },
        { ...held, outcome: 'not-reached' },
      ],
      false,
      'skip',
    ],
    ['the harness broke', [finding('MUST'), finding('MUST', 'harness')], [held], false, 'error'],
  ] as const)('%s: %j', (_name, findings, checkpoints, strict, verdict) => {
    expect(verdictOf(findings, checkpoints, strict)).toBe(verdict);
  });
});

describe('what was thrown', () => {
  const facts = { implementation: 'x', method: 'cancel' } as const;
  const at = (step: number | undefined) => ({ case: 'river/rpc/add', role: 'client' as const, step, lastFrame: 'open' });

  test('an adapter that refuses is a failure of the implementation', () => {
    expect(failureFinding(new AdapterError('cannot', { ...facts, kind: 'refused' }), at(2))).toMatchObject({
      judge: 'adapter',
      step: 2,
      fingerprint: 'adapter/none/cancel/refused',
    });
  });

  test.each(['missing', 'crashed', 'hung', 'garbage'] as const)('an adapter that is %s leaves the case unjudged', (kind) => {
    expect(failureFinding(new AdapterError('broke', { ...facts, kind }), at(undefined))).toMatchObject({
      judge: 'harness',
      checkpoint: 'start',
    });
  });

  const crashed = (headline: string, own: boolean, method?: string): AdapterError =>
    new AdapterError('it ended', { implementation: 'x', method, kind: 'crashed', crash: { headline, own } });

  test('an implementation that ends its process fails, for a reason of its own', () => {
    const finding = failureFinding(crashed('TypeError: 0x1f is no stream', false, 'invoke'), at(2));
    expect(finding).toMatchObject({ judge: 'adapter', level: 'MUST', checkpoint: 'step:2' });
    expect(finding.fingerprint).toBe('crash/TypeError:-*-is-no-stream/river.rpc.add/step-3-after-open');
    expect(failureFinding(crashed('RangeError: x', false), at(undefined))).toMatchObject({ judge: 'adapter', checkpoint: 'process' });
  });

  test.each([
    ['died of the adapter’s own code', crashed('TypeError: x', true, 'invoke')],
    ['never came up', crashed('TypeError: x', false, 'initialize')],
  ])('a process that %s says nothing of the implementation', (_name, error) => {
    expect(failureFinding(error, at(2)).judge).toBe('harness');
  });

  test('any other error is the harness’s', () => {
    expect(failureFinding(new TypeError('oops'), at(0))).toMatchObject({ judge: 'harness', message: 'oops' });
  });
});

test('the finding that made the verdict stands first, the others as they came', () => {
  const [warning, other, failure, broken] = [finding('SHOULD'), finding('IMPL'), finding('MUST-NOT'), finding('MUST', 'harness')];
  expect(byWeight([warning, other, failure])).toEqual([failure, warning, other]);
  expect(byWeight([warning, failure, broken])).toEqual([broken, failure, warning]);
});
