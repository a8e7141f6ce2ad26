import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RedisModel } from '../../brokers/redis/model/model.ts';
import { plainOf } from '../carriers/resp/plain.ts';
import { bytesOf, type RespValue } from '../carriers/resp/value.ts';
import type { Happening } from './happening.ts';
import { startLedger } from './ledger.ts';
import { Conversation } from './testing/conversation.ts';

const ENDS = 2;
/** What is said in one piece. `XADD` is to a stream of its own, so that what is there in the end was carried out. */
const piece = fc.record({
  by: fc.nat(ENDS - 1),
  commands: fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant('XADD') },
      { weight: 8, arbitrary: fc.constantFrom('MULTI', 'MULTI', 'EXEC', 'EXEC', 'EXEC', 'DISCARD') },
      { weight: 4, arbitrary: fc.constantFrom('WATCH w', 'SET w x', 'GET w', 'NOPE', 'EXEC x', 'MULTI x', 'UNWATCH') },
    ),
    { minLength: 1, maxLength: 6 },
  ),
});

/** Lets ends talk with the model of Redis; gives the events, and the streams that are there in the end. */
function talkOf(pieces: readonly { readonly by: number; readonly commands: readonly string[] }[]) {
  const talk = new Conversation();
  const model = new RedisModel(0);
  const connections = Array.from({ length: ENDS }, () => ({ n: talk.dial('server'), id: model.connect() }));
  let streams = 0;
  const answers: { readonly n: number; readonly value: RespValue }[] = [];
  for (const { by, commands } of pieces) {
    const end = connections[by];
    if (end === undefined) continue;
    for (const command of commands) {
      if (command === 'XADD') streams += 1;
      const words = command === 'XADD' ? ['XADD', `s${streams}`, '1-1', 'f', 'v'] : command.split(' ');
      talk.ask(end.n, ...words);
      for (const { value } of model.command(end.id, words.map(bytesOf), 0)) if (value !== undefined) answers.push({ n: end.n, value });
    }
    for (const { n, value } of answers.splice(0)) talk.answer(n, value);
  }
  const [written] = model.command(model.connect(), ['KEYS', 's*'].map(bytesOf), 0);
  return { events: talk.events, there: written?.value === undefined ? [] : plainOf(written.value) };
}

test('what is told to be carried out is what Redis has carried out, each once and said before', () => {
  let transactions = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20, size: 'max' }), (pieces) => {
      const { events, there } = talkOf(pieces);
      const ledger = startLedger();
      const told = events
        .flatMap((event): readonly Happening[] => ledger.observe(event))
        .filter((each) => each.asked.command.name === 'XADD');
      const added = told.filter((each) => each.kind === 'answered' && each.answer.form === 'id');
      expect(added.map((each) => each.asked.command.key).toSorted()).toEqual([...(there as string[])].toSorted());
      const byStream = new Map<string | undefined, string[]>();
      for (const { kind, asked } of told) byStream.set(asked.command.key, [...(byStream.get(asked.command.key) ?? []), kind]);
      for (const kinds of byStream.values()) expect(kinds).toEqual(['asked', 'taken', 'answered', 'heard']);
      transactions += events.filter(
        (event) => event.type === 'sent' && event.decoded?.ok === true && isExecuted(event.decoded.message),
      ).length;
    }),
    { numRuns: 300, seed: 20_261_130 },
  );
  expect(transactions).toBeGreaterThan(100);
});

function isExecuted(message: { readonly type: string; readonly form?: string }): boolean {
  return message.form === 'executed';
}
