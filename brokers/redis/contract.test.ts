import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Pairing } from '../../protocols/carriers/resp/pairing.ts';
import { bytesOf, type RespValue, textOf } from '../../protocols/carriers/resp/value.ts';
import { createReaper } from '../../runner/adapters/reaper.ts';
import { within } from '../../runner/adapters/within.ts';
import { connectRedis, type RedisClient } from './client.ts';
import { RedisModel, type Written } from './model/model.ts';
import { VERSION } from './model/version.ts';
import { type RedisProcess, startRedis, TO_HAVE_REDIS } from './process.ts';
import { anyCommands, anyLongStream, HOSTILE } from './testing/commands.ts';
import { comparable } from './testing/comparable.ts';
import { OUTAGES } from './testing/outages.ts';
import { TRANSACTIONS } from './testing/transactions.ts';
import { CONNECTIONS, type Sent } from './testing/words.ts';

const LINE = VERSION.split('.').slice(0, 2).join('.');
const said = spawnSync('redis-server', ['--version'], { encoding: 'utf8' }).stdout ?? '';
const isThere = said.includes(`v=${LINE}.`);

/** Sequences that are tried, and which: the same each time, unless others are asked for. */
const RUNS = Number(process.env['REDIS_CONTRACT_RUNS'] ?? 100);
const SEED = Number(process.env['REDIS_CONTRACT_SEED'] ?? 20_261_129);

/** Answers that were compared. */
let compared = 0;
/** Transactions that were carried out. */
let transactions = 0;

describe.skipIf(!isThere)(`the model and a Redis ${LINE} (${TO_HAVE_REDIS})`, () => {
  const reaper = createReaper(process);
  let redis: RedisProcess;
  let control: RedisClient;

  beforeAll(async () => {
    redis = await startRedis({ random: Math.random, guard: reaper });
    control = await connectRedis('127.0.0.1', redis.port);
  });
  afterAll(async () => {
    process.stderr.write(`${compared} answers compared, ${transactions} transactions\n`);
    await control.close();
    await redis.stop();
    reaper.close();
  });

  // Whatever a test has made of it, and however it ended, the next begins with a Redis as it comes.
  beforeEach(async () => {
    await begin();
  });
  async function begin(): Promise<void> {
    for (const words of [['REPLICAOF', 'NO', 'ONE'], ['CONFIG', 'SET', 'maxmemory', '0', 'min-replicas-to-write', '0'], ['FLUSHALL']])
      await control.call(...words);
  }

  async function tryAll(commands: readonly Sent[]): Promise<void> {
    const both = await meet(redis.port, () => roundTrips(control));
    try {
      for (const sent of commands) await both.send(sent);
      await roundTrips(control);
      both.expectNothing();
    } finally {
      await both.close();
    }
  }

  test.each([...OUTAGES, ...TRANSACTIONS])('are alike: %s', async (_name, commands) => {
    await tryAll(commands);
  });

  test('end the connections of others alike', async () => {
    const model = new RedisModel(0);
    const ids = [model.connect(), model.connect(), model.connect()];
    const [killer, ...others] = await Promise.all(ids.map(() => connectRedis('127.0.0.1', redis.port)));
    if (killer === undefined) throw new Error('there are three');
    const [killing = 0, ...ended] = ids;
    for (const words of [['CLIENT', 'KILL', 'TYPE', 'normal'], ['PING']] as const) {
      const written = model.command(killing, words.map(bytesOf), 0);
      killer.send(words);
      const answer = await answerOf(killer);
      const own = written.find(({ connection }) => connection === killing);
      // The real one counts others, too.
      expect(answer.type).toBe(own?.value?.type);
      if (words.length === 1) continue;
      expect(written.flatMap(({ connection, close }) => (close === true ? [connection] : []))).toEqual(ended);
      for (const other of others) await expect(answerOf(other)).rejects.toThrow('it hung up');
    }
    await Promise.all([killer, ...others].map((each) => each.close()));
    control = await connectRedis('127.0.0.1', redis.port);
  });

  test('let go of what was queued by who hangs up', async () => {
    const model = new RedisModel(0);
    const [gone, other] = [model.connect(), model.connect()];
    const client = await connectRedis('127.0.0.1', redis.port);
    for (const words of [['MULTI'], ['SET', 'text', 'x']]) {
      const [written] = model.command(gone, words.map(bytesOf), 0);
      expect(await client.call(...words)).toEqual(written?.value);
    }
    model.disconnect(gone);
    await client.close();
    for (const words of [['EXEC'], ['GET', 'text']]) {
      const [written] = model.command(other, words.map(bytesOf), 0);
      expect(await control.call(...words)).toEqual(written?.value);
    }
  });

  test('answer every command alike, whoever sends it and whatever waits', async () => {
    await fc.assert(
      fc.asyncProperty(anyCommands, async (commands) => {
        await begin();
        await tryAll(commands);
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: process.env['REDIS_CONTRACT_SHRINK'] === undefined },
    );
    expect(compared).toBeGreaterThan(RUNS * 20);
    expect(transactions).toBeGreaterThan(RUNS / 2);
  });

  test('keep entries of any size in the same nodes, so that trimming by ~ takes as much', async () => {
    await fc.assert(
      fc.asyncProperty(anyLongStream, async (commands) => {
        await control.call('FLUSHALL');
        const model = new RedisModel(0);
        const connection = model.connect();
        for (const args of commands) control.send(args);
        for (const args of commands) {
          const answer = await answerOf(control);
          const [written] = model.command(connection, args.map(bytesOf), 0);
          expect(written?.value && comparable(args, written.value)).toEqual(comparable(args, answer));
          compared += 1;
        }
      }),
      { numRuns: Math.ceil(RUNS / 10), seed: SEED },
    );
  });

  test.each(HOSTILE.map((text) => [text.slice(0, 60), text]))('take bytes that are no commands alike: %j', async (_name, text) => {
    const bytes = Buffer.from(text, 'latin1');
    const model = new RedisModel(0);
    const written = model.receive(model.connect(), bytes, 0);
    const client = await connectRedis('127.0.0.1', redis.port);
    client.raw(bytes);
    for (const { value } of written) if (value !== undefined) expect(comparable([], await answerOf(client))).toEqual(comparable([], value));
    if (written.some(({ close }) => close === true)) await expect(answerOf(client)).rejects.toThrow('it hung up');
    else {
      await roundTrips(control);
      expect(client.hasMore).toBe(false);
    }
    await client.close();
    compared += 1;
  });
});

/** Two in a row: what was sent before on another connection Redis has read when the second one begins. */
async function roundTrips(client: RedisClient): Promise<void> {
  for (let i = 0; i < 2; i += 1) await client.call('PING');
}

/** How long an answer of a Redis on this machine may take, in ms. */
const ANSWER_MS = 20_000;

/** A model and connections to a Redis, which get the same commands. */
async function meet(port: number, untilTaken: () => Promise<void>) {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectRedis('127.0.0.1', port)));
  let now = Date.now() - 60_000;
  const model = new RedisModel(now);
  const ends = clients.map((client) => ({
    client,
    id: model.connect(),
    asked: new Pairing<readonly string[]>(),
    early: [] as RespValue[],
    /** In a transaction: whether one of its commands asks for the time. */
    within: undefined as { hasClock: boolean } | undefined,
  }));

  const compare = async (written: readonly Written[]): Promise<void> => {
    for (const { connection, value, close } of written) {
      const end = ends.find(({ id }) => id === connection);
      if (end !== undefined && close === true) await expect(answerOf(end.client)).rejects.toThrow('it hung up');
      if (value === undefined || end === undefined) continue;
      const real = end.early.shift() ?? (await answerOf(end.client));
      const { to = [], executed } = end.asked.answered(real);
      const words = executed?.map((each) => each.to);
      expect({ to, words, answer: comparable(to, value, words) }).toEqual({ to, words, answer: comparable(to, real, words) });
      if (executed !== undefined) transactions += 1;
      if (['EXEC', 'DISCARD'].includes(to[0] ?? '')) end.within = undefined;
      if (to[0] === 'MULTI' && real.type === 'simple') end.within ??= { hasClock: false };
      compared += 1;
    }
  };

  return {
    async send({ by, args }: Sent) {
      const end = ends[by];
      if (end === undefined) return;
      const isFree = end.asked.unanswered.length === 0;
      const { within } = end;
      // Of one that waits nobody can tell when its command will be run; those of a transaction may be run at two times.
      const mayAsk = isFree && within?.hasClock !== true;
      const words = mayAsk ? args : args.map((arg) => (arg === '*' ? '99' : arg));
      const asks = words.includes('*');
      if (within !== undefined && asks) within.hasClock = true;
      const isTold = within === undefined ? asks : within.hasClock && words[0] === 'EXEC';
      end.asked.asked({ args: words.map(bytesOf), inline: false }, words);
      end.client.send(words);
      if (isTold) {
        const answer = await answerOf(end.client);
        end.early.push(answer);
        now = clockIn(answer) ?? now;
      }
      const written = model.command(end.id, words.map(bytesOf), now);
      await compare(written);
      if (!written.some(({ connection }) => connection === end.id)) await untilTaken();
      // What waits for a moment is waited for.
      for (let due = model.nextDue(); due !== undefined && due <= now + 1000; due = model.nextDue()) await compare(model.due(due));
    },
    expectNothing() {
      for (const { client, early } of ends) expect([client.hasMore, early.length]).toEqual([false, 0]);
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

/** The next answer; rejects where there is none in time. */
async function answerOf(client: RedisClient): Promise<RespValue> {
  const answer = await within(client.next(), ANSWER_MS);
  if (answer.type === 'late') throw new Error(`no answer within ${ANSWER_MS} ms, where the model gives one`);
  return answer.value;
}

/** The time in an id that Redis made of its clock, or in one of a transaction. */
function clockIn(answer: RespValue): number | undefined {
  const answers = answer.type === 'array' ? answer.items : [answer];
  const times = answers.map((each) => Number(/^(\d+)-\d+$/.exec(textOf(each) ?? '')?.[1]));
  return times.find((ms) => ms > 1e12 && ms <= Date.now());
}
