import { expect, test } from 'vitest';
import { scenarioOf } from './campaign.ts';
import { scenarios } from './generate.ts';
import type { Command } from './scenario.ts';
import { field } from './testing/field.ts';
import { type Unfolded, unfold } from './unfold.ts';

/** So many scenarios of a protocol, for a client that lacks these features. */
async function without(name: string, ...lacking: readonly string[]): Promise<readonly Unfolded[]> {
  const { plan } = await field(name);
  const { words, kindOf } = plan(1, 1);
  const arbitrary = scenarios(words);
  const setting = { underTest: 'client', has: (feature: string) => !lacking.includes(feature), kindOf, steady: false } as const;
  return Array.from({ length: 400 }, (_, i) => unfold(scenarioOf(arbitrary, 11, i), words, setting));
}

const stepsOf = (all: readonly Unfolded[], kind: string): unknown[] =>
  all.flatMap(({ steps }) => steps.flatMap((step) => (kind in step ? [step[kind]] : [])));

test('an end that cannot resume is not asked to, nor is its network disturbed', async () => {
  const all = await without('rsocket', 'resume');
  expect(all.filter(({ needs }) => needs.includes('resume'))).toEqual([]);
  expect(stepsOf(all, 'connect').filter((step) => JSON.stringify(step).includes('resume'))).toEqual([]);
  expect(all.filter(({ mood, steps }) => mood !== 'hostile' && stepsOf([{ ...all[0], steps } as Unfolded], 'fault').length > 0)).toEqual(
    [],
  );
  // One that can, is.
  const able = await without('rsocket');
  expect(able.some(({ needs }) => needs.includes('resume'))).toBe(true);
  expect(stepsOf(able, 'fault')).not.toEqual([]);
});

test('a call is given up only where calls of its kind can be', async () => {
  const cancelled = (all: readonly Unfolded[]): string[] =>
    all.flatMap(({ steps }) => {
      const made = new Map(stepsOf([{ steps } as Unfolded], 'invoke').map((step) => [(step as { as: string }).as, step]));
      return stepsOf([{ steps } as Unfolded], 'cancel').map((name) => (made.get(String(name)) as { procedure: string }).procedure);
    });
  const unable = await without('swill', 'cancel-single');
  expect(cancelled(unable)).toContain('stuck');
  expect(cancelled(unable)).not.toContain('sleep');
  expect(unable.filter(({ needs }) => needs.includes('cancel-single'))).toEqual([]);
  const able = await without('swill');
  expect(cancelled(able)).toContain('sleep');
  expect(able.filter((each) => cancelled([each]).includes('sleep')).every(({ needs }) => needs.includes('cancel-single'))).toBe(true);
});

/** The mood of a scenario of two calls, the second of which is given up before it is read from. */
async function moodOf(name: string, setting: number, first: string, second: string, reads: boolean): Promise<string> {
  const { plan } = await field(name);
  const { words, kindOf } = plan(1, 1);
  const draw = { integer: 1, number: 1, count: 1, flag: false, text: 't', bytes: { $bytes: '' }, value: 't' };
  const invoke = (wanted: string): Command => ({
    do: 'invoke',
    client: 0,
    procedure: words.procedures.findIndex(({ procedure }) => procedure === wanted),
    draw,
  });
  const commands: readonly Command[] = [
    invoke(first),
    ...(reads ? [{ do: 'receive', call: 0 } as const] : []),
    invoke(second),
    // Of those that are open, or of all where the first is not over.
    { do: 'cancel', call: 1 },
  ];
  const unfolded = unfold({ setting, commands, concludes: true, watchesHandlers: false }, words, {
    underTest: 'client',
    has: () => true,
    kindOf,
    steady: true,
  });
  expect(stepsOf([unfolded], 'cancel')).toEqual(['b']);
  return unfolded.mood;
}

test('what is given up before its client has read anything is compared with nobody: there may be no connection yet, and it is sent or not', async () => {
  expect(await moodOf('rsocket', 2, 'echo', 'never', false)).toBe('rough');
  expect(await moodOf('rsocket', 2, 'echo', 'never', true)).toBe('calm');
});

test('nor is what is given up before it was read from itself, where each call may wait for a connection of its own', async () => {
  expect(await moodOf('connect', 0, 'weir.v1.Test/Echo', 'weir.v1.Test/Wait', true)).toBe('rough');
});

test('with leases no client calls before it has one', async () => {
  const all = (await without('rsocket')).filter(({ needs }) => needs.includes('lease'));
  expect(all.length).toBeGreaterThan(10);
  for (const { steps } of all) {
    const kinds = steps.flatMap((step) => Object.keys(step)).filter((kind) => kind === 'connect' || kind === 'await' || kind === 'invoke');
    expect(kinds.slice(0, 2)).toEqual(['connect', 'await']);
    for (const [i, kind] of kinds.entries()) if (kind === 'connect') expect(kinds[i + 1]).toBe('await');
  }
});

test('a call opens with a value only where its words say so: what opens a stream of requests would be one of them', async () => {
  const opened = stepsOf(await without('connect'), 'invoke').map((step) => step as { procedure: string; init?: unknown });
  const streams = opened.filter(({ procedure }) => /Sum|Chat/.test(procedure));
  expect(streams.length).toBeGreaterThan(10);
  expect(streams.filter((step) => 'init' in step)).toEqual([]);
  expect(opened.filter(({ procedure }) => /Echo|Count/.test(procedure)).every((step) => 'init' in step)).toBe(true);
});

test('of what handlers saw, what is told with most is asked first: a call that another overtook is not taken for it', async () => {
  const all = await without('connect');
  const begun = all.map((each) => {
    const asked = stepsOf([each], 'handler') as { event: string; metadata?: unknown }[];
    return asked.filter(({ event }) => event === 'started').map(({ metadata }) => (metadata === undefined ? 'any' : 'its own'));
  });
  expect(begun.filter((kinds) => new Set(kinds).size === 2)).not.toEqual([]);
  expect(begun.filter((kinds) => kinds.includes('any') && kinds.lastIndexOf('its own') > kinds.indexOf('any'))).toEqual([]);
});

test('what a client may still keep is compared with nobody, and no handler need have seen it', async () => {
  const { plan } = await field('connect');
  const { words, kindOf } = plan(1, 1);
  const setting = { underTest: 'client', has: () => true, kindOf, steady: true } as const;
  const invoke: Command = {
    do: 'invoke',
    client: 0,
    procedure: words.procedures.findIndex(({ procedure }) => procedure === 'weir.v1.Test/Sum'),
    draw: { integer: 1, number: 1, count: 1, flag: false, text: 't', bytes: { $bytes: '' }, value: 't' },
  };
  const after = (commands: readonly Command[]): Unfolded =>
    unfold({ setting: 0, commands, concludes: false, watchesHandlers: true }, words, setting);
  const asked = (unfolded: Unfolded): unknown[] =>
    (stepsOf([unfolded], 'handler') as { procedure: string; event: string }[]).map(({ procedure, event }) => `${procedure} ${event}`);
  const kept = after([invoke]);
  expect([kept.mood, asked(kept)]).toEqual(['rough', ['weir.v1.Test/Echo started']]);
  const begun = after([invoke, { do: 'finish', call: 0 }]);
  expect(begun.mood).toBe('calm');
  expect(asked(begun)).toContain('weir.v1.Test/Sum started');
});
