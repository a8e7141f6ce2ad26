import { describe, expect, it, test } from 'vitest';
import { replyFrame } from '../carriers/resp/frames.ts';
import { array, bulk, error, integer, type RespValue, simple } from '../carriers/resp/value.ts';
import { kindOf } from './classify.ts';
import { decode } from './decode.ts';
import { matchWire } from './match.ts';
import { summarise } from './summary.ts';
import { Conversation } from './testing/conversation.ts';

function summaryOf(value: RespValue): string {
  const frame = replyFrame(value);
  return summarise(frame, decode(frame));
}

describe('an answer to a transaction', () => {
  it('is told answer by answer, of many the first', () => {
    expect(summaryOf(array([bulk('1-1'), integer(1), simple('OK'), error('WRONGTYPE no')]))).toBe(
      'executed id 1-1, integer 1, status OK, error WRONGTYPE no',
    );
    expect(summaryOf(array(Array.from({ length: 5000 }, () => integer(1))))).toMatch(/integer 1 and 4984 more$/);
  });

  it.each<[string, RespValue]>([
    ['of XPENDING', array([integer(0), { type: 'null', form: 'bulk' }, { type: 'null', form: 'bulk' }, { type: 'null', form: 'array' }])],
    ['of XINFO in RESP2', array([bulk('length'), integer(1)])],
    ['of nothing', array([])],
  ])('is not that %s', (_of, value) => {
    const frame = replyFrame(value);
    expect(kindOf(frame, decode(frame))).toBe('value');
  });

  test('is found by its form and by that of each answer in it', () => {
    const talk = new Conversation();
    const server = talk.dial('server');
    talk.answer(server, array([bulk('1-1'), error('WRONGTYPE no')]));
    const sent = talk.events.find((event) => event.type === 'sent');
    const find = (pattern: object) => sent?.type === 'sent' && matchWire(pattern, sent, { streamOf: () => undefined }) === undefined;
    expect(['executed', 'id', 'error', 'integer', 'value'].filter((kind) => find({ from: 'broker', kind }))).toEqual([
      'executed',
      'id',
      'error',
    ]);
    expect(find({ kind: 'error', text: 'WRONGTYPE no' })).toBe(true);
    expect(find({ kind: 'id', text: 'WRONGTYPE no' })).toBe(false);
  });
});
