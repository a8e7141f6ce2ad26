import { beforeAll, describe, expect, test } from 'vitest';
import type { MakeReferenceClient } from '../../protocols/common/protocol.ts';
import { caseParser } from '../cases/parse.ts';
import { attempts } from './attempt.ts';
import { campaign, newsOf, scenarioOf, shrink } from './campaign.ts';
import { scenarios } from './generate.ts';
import type { Scenario } from './scenario.ts';
import { type Bugs, type Field, field } from './testing/field.ts';
import { caseText } from './to-case.ts';
import { unfold } from './unfold.ts';

let it: Field;
let rsocket: Field;
beforeAll(async () => {
  it = await field();
  rsocket = await field('rsocket');
});

type Listen = Parameters<MakeReferenceClient>[2];

/** A client that tells its application something else than it should. */
const telling = (bug: (events: Listen) => Partial<Listen>): Bugs => ({
  client: (make) => (environment, dial, events) => make(environment, dial, { ...events, ...bug(events) }),
});

type Peer = ReturnType<MakeReferenceClient>;

/** A client some of whose methods do something else. */
const doing = (bug: (peer: Peer) => Partial<Peer>): Bugs => ({
  client: (make) => (environment, dial, events) => {
    const peer = make(environment, dial, events);
    const wrong = bug(peer);
    return new Proxy(peer, {
      get: (_, key: keyof Peer) => {
        const own = wrong[key] ?? peer[key];
        return typeof own === 'function' ? own.bind(peer) : own;
      },
    });
  },
});

/** Every rule of the model, and a client or server that breaks it. */
const bugs: Readonly<Record<string, Bugs>> = {
  'an answer is read twice': telling((events) => ({
    message: (heard) => {
      events.message(heard);
      events.message(heard);
    },
  })),
  'an answer is lost': telling(({ message }) => {
    let count = 0;
    return {
      message: (heard) => {
        count += 1;
        if (count % 4 !== 0) message(heard);
      },
    };
  }),
  'answers are read in another order': telling(({ message }) => {
    const held = new Map<string, Parameters<Listen['message']>[0]>();
    return {
      message: (heard) => {
        const earlier = held.get(heard.call);
        if (earlier === undefined && heard.result.ok) held.set(heard.call, heard);
        else held.delete(heard.call);
        if (earlier !== undefined || !heard.result.ok) message(heard);
        if (earlier !== undefined) message(earlier);
      },
      end: () => undefined,
    };
  }),
  'a call never ends': telling(() => ({ end: () => undefined })),
  'a call ends at once': telling(({ message, end }) => ({
    message: (heard) => {
      message(heard);
      if (heard.result.ok) end({ call: heard.call });
    },
    end: () => undefined,
  })),
  'a value is another': telling(({ message }) => ({
    message: ({ call, result }) => message({ call, result: result.ok ? { ok: true, value: [result.value] } : result }),
  })),
  'an error has another code': telling(({ message }) => ({
    message: ({ call, result }) => message({ call, result: result.ok ? result : { ok: false, error: { ...result.error, code: 'OTHER' } } }),
  })),
  'a cancelled call does not end': doing(() => ({ cancel: () => Promise.resolve() })),
  'a closed request side stays open': doing(() => ({ finish: () => Promise.resolve() })),
  'a request is sent twice': doing((peer) => ({
    send: async (sent) => {
      await peer.send(sent);
      await peer.send(sent);
    },
  })),
  'handlers hear nothing of requests': {
    server: (make) => (environment, events) =>
      make(environment, { ...events, handler: (heard) => (heard.event === 'request' ? undefined : events.handler(heard)) }),
  },
  'handlers hear nothing of cancels': {
    server: (make) => (environment, events) =>
      make(environment, { ...events, handler: (heard) => (heard.event === 'cancelled' ? undefined : events.handler(heard)) }),
  },
};

describe('a campaign', () => {
  test('finds nothing in the reference pair', async () => {
    for (const seed of [1, 2]) expect((await campaign(it.plan(seed, 150))).failures).toEqual([]);
  });

  test.each(Object.keys(bugs))('notices where %s', async (name) => {
    // The model alone, without what the wire shows.
    const plan = { ...it.plan(7, 600, bugs[name]), known: (fingerprint: string) => !fingerprint.startsWith('expectation/') };
    expect((await campaign(plan)).failures).not.toEqual([]);
  });

  test('finds nothing in the reference pair of a protocol that only bridges what it resumes', { timeout: 60_000 }, async () => {
    for (const seed of [1, 2]) expect((await campaign(rsocket.plan(seed, 150))).failures).toEqual([]);
  });

  // What is cancelled there before there is a connection need not be heard of.
  test.each(Object.keys(bugs).filter((name) => name !== 'handlers hear nothing of cancels'))(
    'notices there, too, where %s',
    { timeout: 60_000 },
    async (name) => {
      const plan = { ...rsocket.plan(7, 600, bugs[name]), known: (fingerprint: string) => !fingerprint.startsWith('expectation/') };
      expect((await campaign(plan)).failures).not.toEqual([]);
    },
  );

  test('gives the same scenarios for the same seed, and others for another', () => {
    const { words } = it.plan(1, 1);
    const arbitrary = scenarios(words);
    const ten = (seed: number): Scenario[] => Array.from({ length: 10 }, (_, i) => scenarioOf(arbitrary, seed, i));
    expect(ten(5)).toEqual(ten(5));
    expect(ten(5)).not.toEqual(ten(6));
  });

  test('leaves known findings aside', async () => {
    const plan = it.plan(7, 30, bugs['an error has another code']);
    const { runs, failures, known } = await campaign({ ...plan, known: () => true });
    expect(failures).toEqual([]);
    // It went on, and tells how often it came on them.
    expect(runs).toBe(30);
    expect([...known.keys()]).toContain('expectation/RIVER-RECON-05/receive/code');
    expect([...known.values()].every((times) => times > 0)).toBe(true);
  });
});

describe('a failure', () => {
  const small = async (): Promise<string> => {
    const plan = it.plan(7, 600, bugs['a closed request side stays open']);
    const {
      failures: [failure],
    } = await campaign(plan);
    if (failure === undefined) throw new Error('nothing was found');
    return (await shrink(plan, failure, () => false)).text;
  };

  test('is made as small as it gets, always the same', async () => {
    const text = await small();
    const steps = text.slice(text.indexOf('steps:')).trim().split('\n');
    // What a minimal witness needs: the call, the end of its requests, and what must come of it.
    expect(steps).toHaveLength(4);
    expect(text).toContain('finish: a');
    expect(text).not.toContain('fault');
    expect(await small()).toBe(text);
  });

  test('is a case, too, where a step failed before any that checks something', async () => {
    const refuses = doing(() => ({ invoke: () => Promise.reject(new Error('not made')) }));
    const plan = it.plan(7, 20, refuses);
    const {
      failures: [failure],
    } = await campaign(plan);
    if (failure === undefined) throw new Error('nothing was found');
    const { text } = await shrink(plan, failure, () => false);
    const steps = text.slice(text.indexOf('steps:')).trim().split('\n');
    expect(steps).toHaveLength(3);
    expect(steps.at(-1)).toMatch(/receive|quiet|end|handler/);
  });

  test('is a case that fails in the same way when it is run', async () => {
    const plan = it.plan(7, 600, bugs['a closed request side stays open']);
    const text = await small();
    const completed = await plan.attempt(text, { id: 'river/elsewhere/it', role: 'client', binding: 'json' });
    expect(newsOf(completed, plan)?.judge).toBe('expectation');
    const asItIs = await attempts(it.bench, 'always')(text, { id: 'river/elsewhere/it', role: 'client', binding: 'json' });
    expect(asItIs.judged.verdict).toBe('pass');
  });
});

test.each([
  ['river', 'json'],
  ['connect', 'proto'],
] as const)('every generated case of %s is one that the parser takes, with the steps that were meant', async (name, binding) => {
  const { bench, plan } = await field(name);
  const { words } = plan(1, 1);
  const arbitrary = scenarios(words);
  const parse = caseParser(bench.protocol, bench.catalogue);
  for (let i = 0; i < 150; i += 1) {
    const role = i % 2 === 0 ? 'client' : 'server';
    const unfolded = unfold(scenarioOf(arbitrary, 3, i), words, {
      underTest: role,
      has: () => true,
      kindOf: () => undefined,
      steady: true,
    });
    const facts = { role, binding, title: 'A generated scenario', note: 'for a test', compares: true } as const;
    const parsed = parse('x.yaml', `${name}/x`, caseText(unfolded, words, facts));
    if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
    expect(parsed.case.public).toBe(true);
    expect(parsed.case.steps.map(({ action }) => action.kind)).toEqual(unfolded.steps.map((step) => Object.keys(step)[0]));
  }
});
