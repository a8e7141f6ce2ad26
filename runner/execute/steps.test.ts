import { beforeAll, describe, expect, test } from 'vitest';
import { type TextPlayer, textPlayer } from './testing/play-text.ts';

let player: TextPlayer;
beforeAll(async () => {
  player = await textPlayer();
});

const head = (role: string): string =>
  `title: A case of the tests\nrequirements: [RIVER-STREAM-RPC-02, RIVER-STREAM-RPC-01]\nunder-test: ${role}\ntrace: free\n`;
const add = '  - invoke: { as: sum, procedure: test.add, init: { n: 4 } }\n';
const chat = '  - invoke: { as: chat, procedure: test.echo }\n';
const patient = '  - connect: { eager: false, timers: { baseIntervalMs: 300, maxJitterMs: 1 } }\n';
const apart = `${patient}  - fault: refuse\n${add}  - opened: {}\n  - opened: { apart: `;

/** Steps after the head, the index of the step that must break, and the field its finding must name. */
const BREAKING: readonly (readonly [name: string, steps: string, step: number, field: string, role?: string])[] = [
  ['receive: another value', `${add}  - receive: { from: sum, ok: { result: 5 } }\n`, 1, 'result'],
  ['receive: an error where a value came', `${add}  - receive: { from: sum, error: { code: X } }\n`, 1, 'ok'],
  ['receive: neither the value nor the error', `${add}  - receive: { from: sum, ok: { result: 5 }, error: { code: X } }\n`, 1, 'result'],
  [
    'receive: neither the error nor the value',
    `${chat}  - cancel: chat\n  - receive: { from: chat, ok: any, error: { code: X } }\n`,
    2,
    'code',
  ],
  ['receive: nothing comes', `${chat}  - receive: { from: chat, within: 600 }\n`, 1, 'timeout'],
  ['receive: the call ends', `${add}  - receive: { from: sum }\n  - receive: { from: sum }\n`, 2, 'ended'],
  ['end: the call goes on', `${chat}  - end: { of: chat, within: 600 }\n`, 1, 'timeout'],
  ['end: something was left unread', `${add}  - end: sum\n`, 1, 'surplus'],
  ['end: no error', `${add}  - receive: { from: sum }\n  - end: { of: sum, error: { code: CANCEL } }\n`, 2, 'no-error'],
  ['end: another error', `${chat}  - cancel: chat\n  - end: { of: chat, error: { code: INVALID_REQUEST } }\n`, 2, 'code'],
  ['await: no such frame', `${add}  - await: { wire: { from: client, kind: cancel }, within: 600 }\n`, 1, 'timeout'],
  ['await: each frame is used once', `${add}  - await: { wire: { from: client, kind: open }, times: 2, within: 600 }\n`, 1, 'timeout'],
  ['await: sooner than allowed', `${add}  - await: { wire: { from: server, stream: sum }, after: 500 }\n`, 1, 'too-early'],
  ['quiet: a frame', `${add}  - quiet: { for: 500, no: { from: server, kind: data } }\n`, 1, 'frame'],
  ['quiet: a message', `${add}  - quiet: { for: 500, calls: [sum] }\n`, 1, 'message'],
  ['quiet: a call ends', `${chat}  - finish: chat\n  - quiet: { for: 500, calls: [chat] }\n`, 2, 'ended'],
  ['quiet: a connection opens', `${add}  - quiet: { for: 500, no-connection: true }\n`, 1, 'connection'],
  [
    'quiet: a connection ends',
    `${add}  - receive: { from: sum }\n  - peer: { close: {} }\n  - quiet: { for: 500, no-close: true }\n`,
    3,
    'close',
  ],
  ['quiet: a handler runs', `${add}  - quiet: { for: 500, no-handler: test.add }\n`, 1, 'handler'],
  ['opened: no further connection', `${add}  - opened: {}\n  - opened: { within: 600 }\n`, 2, 'timeout'],
  ['opened: sooner after the one before', `${apart}{ min: 600 } }\n`, 4, 'too-early'],
  ['opened: later after the one before', `${apart}{ max: 100 } }\n`, 4, 'too-late'],
  ['opened: sooner than allowed', `${add}  - opened: { after: 800 }\n`, 1, 'too-early'],
  ['closed: nothing ends', `${add}  - closed: { within: 600 }\n`, 1, 'timeout'],
  ['closed: the other end did it', `${add}  - receive: { from: sum }\n  - peer: { close: {} }\n  - closed: { by: client }\n`, 3, 'by'],
  [
    'closed: another code',
    `${add}  - receive: { from: sum }\n  - peer: { close: { code: 1001 } }\n  - closed: { by: server, code: 1000 }\n`,
    3,
    'code',
  ],
  ['status: never shown', `${add}  - status: { is: retry-exceeded, within: 600 }\n`, 1, 'timeout'],
  ['handler: never saw it', `${add}  - handler: { procedure: test.add, event: cancelled, within: 600 }\n`, 1, 'timeout'],
];

describe('a step that does not hold', () => {
  test.each(BREAKING)('%s', async (_name, steps, step, field) => {
    const { judged } = await player.play(`${head('client')}steps:\n${steps}`);
    expect(judged.verdict).toBe('fail');
    expect(judged.findings[0]).toMatchObject({ judge: 'expectation', step, checkpoint: `step:${step}` });
    expect(judged.findings[0]?.fingerprint.split('/').at(-1)).toBe(field);
  });

  test('leaves the steps after it unreached, so that the run can never pass', async () => {
    const { judged } = await player.play(
      `${head('client')}steps:\n${add}  - receive: { from: sum, ok: 1 }\n  - end: sum\nexpect:\n  - connections: 1\n`,
    );
    expect(judged.checkpoints.filter(({ outcome }) => outcome === 'not-reached').map(({ id }) => id)).toEqual(['step:2', 'expect:0']);
  });
});

/** The same steps as they hold. */
const HOLDING: readonly (readonly [name: string, steps: string])[] = [
  ['receive and end', `${add}  - receive: { from: sum, ok: { result: 4 } }\n  - end: sum\n`],
  ['receive either: a value', `${add}  - receive: { from: sum, ok: { result: 4 }, error: { code: X } }\n`],
  ['receive either: an error', `${chat}  - cancel: chat\n  - receive: { from: chat, ok: { response: x }, error: { code: CANCEL } }\n`],
  ['end with its error', `${chat}  - cancel: chat\n  - end: { of: chat, error: { code: CANCEL } }\n`],
  ['opened so long after the one before', `${apart}{ min: 100, max: 600 } }\n`],
  [
    'await, opened, closed',
    `${add}  - opened: {}\n  - await: { wire: { from: server, stream: sum } }\n  - peer: { close: {} }\n  - closed: { by: server, code: 1000 }\n`,
  ],
  [
    'quiet',
    `${chat}  - await: { wire: { from: client, kind: open } }\n  - quiet: { for: 500, no: { from: client, kind: data }, calls: [chat], no-connection: true, no-close: true }\n`,
  ],
  ['status and handler', `${add}  - status: { is: connected }\n  - handler: { procedure: test.add, event: started }\n`],
  [
    'repeat',
    `  - repeat: { times: 3, steps: [ { invoke: { as: 'c\${i}', procedure: test.add, init: { n: '\${i}' } } }, { receive: { from: 'c\${i}' } } ] }\n`,
  ],
];

test.each(HOLDING)('%s hold', async (_name, steps) => {
  const { judged } = await player.play(`${head('client')}steps:\n${steps}`);
  expect(judged.findings).toEqual([]);
  expect(judged.verdict).toBe('pass');
});

/** Expectations over the whole wire that must break, and the field. */
const WRONG: readonly (readonly [name: string, expectation: string, field: string])[] = [
  ['too few frames', '{ wire: { from: client, kind: cancel } }', 'missing'],
  ['too many frames', '{ wire: { from: client, kind: open }, times: 0 }', 'count'],
  ['below a range', '{ wire: { from: client, kind: open }, times: { min: 2 } }', 'count'],
  ['the other order', '{ order: [ { from: server, kind: data }, { from: client, kind: open } ] }', 'order'],
  ['another number of connections', '{ connections: 2 }', 'count'],
];

test.each(WRONG)('expect: %s', async (_name, expectation, field) => {
  const { judged } = await player.play(`${head('client')}steps:\n${add}  - receive: { from: sum }\nexpect:\n  - ${expectation}\n`);
  expect(judged.verdict).toBe('fail');
  expect(judged.findings[0]?.fingerprint.split('/').at(-1)).toBe(field);
});

test('a peer step for which the other end did not come is that end’s failure, with its step', async () => {
  const { judged } = await player.play(`${head('client')}steps:\n  - peer: { heartbeat: {} }\n${add}  - receive: { from: sum }\n`);
  expect(judged.verdict).toBe('fail');
  expect(judged.findings[0]).toMatchObject({ judge: 'expectation', step: 0 });
  expect(judged.findings[0]?.message).toContain('the client did not come');
});

const custom = (steps: string): string =>
  `title: A case of the tests\nrequirements: [RIVER-CODEC-03]\nunder-test: client\ntrace: free\nsteps:\n${steps}`;

test.each([
  ['another value', `${add}  - receive: { from: sum, ok: { result: 5 } }\n`, 'changed'],
  ['one value too many', `${add}  - end: sum\n`, 'changed'],
  ['an error instead of the value', `${chat}  - cancel: chat\n  - receive: { from: chat, ok: any }\n`, 'missing'],
  ['a value that never comes', `${chat}  - receive: { from: chat, ok: any }\n`, 'missing'],
])('damage is a MUST under a rule that is only a custom: %s', async (_name, steps, harm) => {
  const { judged } = await player.play(custom(steps));
  expect(judged.verdict).toBe('fail');
  expect(judged.findings[0]).toMatchObject({ requirement: 'RIVER-CODEC-03', level: 'MUST', harm });
});

test.each([
  ['a form', `${add}  - receive: { from: sum }\n  - await: { wire: { from: client, kind: close } }\n`],
  ['a value that comes too late', `${chat}  - receive: { from: chat, ok: any, within: 600 }\n`],
  ['another error', `${chat}  - cancel: chat\n  - end: { of: chat, error: { code: INVALID_REQUEST } }\n`],
])('what harms no value only warns there: %s', async (_name, steps) => {
  const { judged } = await player.play(custom(steps));
  expect(judged.verdict).toBe('warn');
  expect(judged.findings[0]?.level).toBe('IMPL');
});

test('what is missing beside a scripted end only warns there: that end may be why', async () => {
  const { judged } = await player.play(custom(`  - peer: { manual: [test.add] }\n${add}  - receive: { from: sum, ok: any }\n`));
  expect(judged.verdict).toBe('warn');
});

test('a fault that cannot be carried out is the harness’s error', async () => {
  const { judged } = await player.play(
    `${head('client')}steps:\n  - fault: { inject: { toward: client, hex: "00" } }\n${add}  - receive: { from: sum }\n`,
  );
  expect(judged.verdict).toBe('error');
});
