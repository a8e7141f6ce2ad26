import { beforeAll, describe, expect, test } from 'vitest';
import { type TextPlayer, textPlayer } from '../execute/testing/play-text.ts';
import { rulingOf } from './dispute.ts';

/** A case that the reference server breaks: it demands one data frame more than there is. RIVER-STREAM-06 demands the text's side. */
const disputed = (step: string, times: number): string => `title: A case of the tests
requirements: [RIVER-STREAM-06]
under-test: server
steps:
  - invoke: { as: sum, procedure: test.add, init: { n: 4 } }
  - receive: { from: sum, ok: { result: ${step} } }
  - end: sum
expect:
  - wire: { from: server, stream: sum, kind: data }
    times: ${times}
`;

let player: TextPlayer;
beforeAll(async () => {
  player = await textPlayer();
});

describe('what breaks a disputed rule', () => {
  test.each([
    [undefined, 'question'],
    ['spec', 'fail'],
    ['official', 'pass'],
  ] as const)('under the profile %s is a %s', async (profile, verdict) => {
    const { judged } = await player.play(disputed('4', 2), { role: 'server', ...(profile === undefined ? {} : { profile }) });
    expect(judged.verdict).toBe(verdict);
    const outcome = judged.checkpoints.find(({ id }) => id === 'expect:0')?.outcome;
    expect(outcome).toBe(profile === 'official' ? 'waived' : 'broken');
  });

  test('describes both sides', async () => {
    const { judged } = await player.play(disputed('4', 2), { role: 'server' });
    expect(judged.findings[0]?.question).toMatchObject({
      spec: expect.stringContaining('control message'),
      official: expect.stringContaining('schema'),
      demanded: 'spec',
    });
  });

  test('is skipped under the other profile where the steps after it were not played', async () => {
    const { judged } = await player.play(disputed('5', 1), { role: 'server', profile: 'official' });
    expect(judged).toMatchObject({ verdict: 'skip', findings: [] });
  });
});

describe('what breaks a disputed rule hides nothing else', () => {
  /** The reference server adds up to 4 and 3: the first receive breaks. */
  const masked = (later: string, expectation = ''): string => `title: A case of the tests
requirements: [RIVER-STREAM-06, RIVER-STREAM-RPC-02]
under-test: server
steps:
  - invoke: { as: sum, procedure: test.add, init: { n: 4 } }
  - invoke: { as: other, procedure: fallible.divide, init: { a: 6, b: 2 } }
  - receive: { from: sum, ok: { result: 5 } }
${later}${expectation}`;
  const played = (later: string, expectation?: string) => player.play(masked(later, expectation), { role: 'server' });

  test('neither on another call', async () => {
    const { judged } = await played('  - receive: { from: other, ok: { result: 9 }, requirement: RIVER-STREAM-RPC-02 }\n');
    expect(judged.verdict).toBe('fail');
    expect(judged.findings.map(({ checkpoint, question }) => [checkpoint, question !== undefined])).toEqual([
      ['step:3', false],
      ['step:2', true],
    ]);
  });

  test('nor one frame too many on the wire', async () => {
    const { judged } = await played(
      '',
      'expect:\n  - wire: { from: server, kind: data }\n    times: 1\n    requirement: RIVER-STREAM-RPC-02\n',
    );
    expect(judged.findings.map(({ checkpoint }) => checkpoint)).toEqual(['expect:0', 'step:2']);
  });

  test('but what it may be the reason for says nothing', async () => {
    const later =
      '  - end: { of: sum, error: { code: X }, requirement: RIVER-STREAM-RPC-02 }\n  - receive: { from: other, ok: { result: 3 } }\n';
    const { judged } = await played(later);
    expect(judged.verdict).toBe('question');
    expect(judged.checkpoints.filter(({ id }) => id.startsWith('step:')).map(({ outcome }) => outcome)).toEqual([
      'broken',
      'not-reached',
      'held',
    ]);
  });
});

test.each([
  ['both', undefined, 'binding'],
  ['both', 'official', 'binding'],
  ['spec', undefined, 'open'],
  ['spec', 'spec', 'binding'],
  ['spec', 'official', 'waived'],
  ['official', 'spec', 'waived'],
] as const)('a rule that demands %s is, under the profile %s, %s', (demanded, profile, ruling) => {
  expect(rulingOf(demanded, profile)).toBe(ruling);
});
