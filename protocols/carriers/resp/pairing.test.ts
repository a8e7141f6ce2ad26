import { describe, expect, it } from 'vitest';
import { Pairing } from './pairing.ts';
import { array, bulk, bytesOf, error, integer, map, type RespValue, simple } from './value.ts';

const OK = simple('OK');
const push = (...items: RespValue[]): RespValue => ({ type: 'push', items });

function pairing(...commands: readonly string[]): Pairing<string> {
  const started = new Pairing<string>();
  for (const command of commands) started.asked({ args: command.split(' ').filter(Boolean).map(bytesOf), inline: false }, command);
  return started;
}

/** To which commands these replies belong; `–` for none. */
function answers(started: Pairing<string>, ...replies: readonly RespValue[]): string[] {
  return replies.map((reply) => {
    const { to, last } = started.answered(reply);
    return to === undefined ? '–' : `${to}${last ? '' : ' …'}`;
  });
}

describe('a reply finds its command', () => {
  it('by order, errors too', () => {
    const started = pairing('PING', 'XADD s * a b', 'GET x');
    expect(answers(started, OK, error('ERR no'))).toEqual(['PING', 'XADD s * a b']);
    expect(started.unanswered).toEqual(['GET x']);
    expect(answers(started, bulk('v'), error('ERR max number of clients reached'))).toEqual(['GET x', '–']);
  });

  it('past pushes, attributes and what Redis takes for no command', () => {
    const started = pairing('', 'HELLO 3', 'GET x');
    expect(answers(started, push(bulk('invalidate'), array([bulk('x')])))).toEqual(['–']);
    expect(answers(started, map([[bulk('proto'), integer(3)]]))).toEqual(['HELLO 3']);
    expect(started.protocol).toBe(3);
    expect(answers(started, push(bulk('message'), bulk('c'), bulk('m')))).toEqual(['–']);
    expect(answers(started, { type: 'attributed', attributes: [], value: bulk('v') })).toEqual(['GET x']);
  });

  it('where HELLO goes back to RESP2 or is refused', () => {
    const started = pairing('HELLO 3', 'HELLO 4', 'HELLO 2');
    answers(started, map([]), error('NOPROTO unsupported protocol version'));
    expect(started.protocol).toBe(3);
    answers(started, array([]));
    expect(started.protocol).toBe(2);
  });

  it('channel by channel, and takes no message of one for a reply', () => {
    const started = pairing('SUBSCRIBE a b', 'PING', 'UNSUBSCRIBE', 'GET x');
    const confirmed = (kind: string, channel: string, count: number) => array([bulk(kind), bulk(channel), integer(count)]);
    expect(
      answers(
        started,
        confirmed('subscribe', 'a', 1),
        array([bulk('message'), bulk('a'), bulk('m')]),
        confirmed('subscribe', 'b', 2),
        array([bulk('pong'), bulk('')]),
        confirmed('unsubscribe', 'a', 1),
        confirmed('unsubscribe', 'b', 0),
        array([bulk('message'), bulk('a'), bulk('m')]),
      ),
    ).toEqual(['SUBSCRIBE a b …', '–', 'SUBSCRIBE a b', 'PING', 'UNSUBSCRIBE …', 'UNSUBSCRIBE', 'GET x']);
  });

  it('by pushes of RESP3, by one where there is no channel to leave, and by an error', () => {
    const started = pairing('HELLO 3', 'SUBSCRIBE a', 'PUNSUBSCRIBE', 'SUBSCRIBE', 'GET x');
    const none: RespValue = { type: 'null', form: 'null' };
    expect(
      answers(
        started,
        map([]),
        push(bulk('subscribe'), bulk('a'), integer(1)),
        push(bulk('punsubscribe'), none, integer(1)),
        error('ERR wrong number of arguments'),
        bulk('v'),
      ),
    ).toEqual(['HELLO 3', 'SUBSCRIBE a', 'PUNSUBSCRIBE', 'SUBSCRIBE', 'GET x']);
  });

  it('where some commands want none', () => {
    const started = pairing('CLIENT REPLY OFF', 'PING', 'CLIENT REPLY SKIP', 'CLIENT REPLY ON', 'CLIENT REPLY SKIP', 'SET a b', 'GET a');
    expect(started.unanswered).toEqual(['CLIENT REPLY ON', 'GET a']);
  });

  it('and takes no line of MONITOR for one', () => {
    const started = pairing('MONITOR', 'PING');
    expect(answers(started, OK, simple('1795228050.312000 [0 127.0.0.1:1] "ping"'), simple('PONG'))).toEqual(['MONITOR', '–', 'PING']);
  });

  it('within that to the EXEC of its transaction', () => {
    const started = pairing('MULTI', 'XADD s * a b', 'GET x', 'EXEC', 'PING');
    expect(answers(started, OK, simple('QUEUED'), simple('QUEUED'))).toEqual(['MULTI', 'XADD s * a b', 'GET x']);
    const wrong = error('WRONGTYPE no');
    expect(started.answered(array([bulk('1-1'), wrong]))).toEqual({
      to: 'EXEC',
      last: true,
      executed: [
        { to: 'XADD s * a b', reply: bulk('1-1') },
        { to: 'GET x', reply: wrong },
      ],
    });
    expect(started.answered(simple('QUEUED'))).toEqual({ to: 'PING', last: true });
  });

  it.each<[string, readonly string[], readonly RespValue[]]>([
    ['discarded', ['MULTI', 'GET x', 'DISCARD'], [OK, simple('QUEUED'), OK]],
    ['aborted', ['MULTI', 'NOPE', 'GET x', 'EXEC'], [OK, error('ERR unknown command'), simple('QUEUED'), error('EXECABORT no')]],
    ['kept from it by a key', ['WATCH k', 'MULTI', 'GET x', 'EXEC'], [OK, OK, simple('QUEUED'), { type: 'null', form: 'array' }]],
    ['reset', ['MULTI', 'GET x', 'RESET'], [OK, simple('QUEUED'), simple('RESET')]],
  ])('and in none where that was %s', (_how, commands, replies) => {
    const started = pairing(...commands, 'MULTI', 'PING', 'EXEC');
    expect(replies.map((reply) => started.answered(reply).executed)).toEqual(replies.map(() => undefined));
    answers(started, OK, simple('QUEUED'));
    expect(started.answered(array([simple('PONG')])).executed).toEqual([{ to: 'PING', reply: simple('PONG') }]);
  });

  it('past commands that are refused and spoil nothing', () => {
    const started = pairing('MULTI', 'MULTI', 'WATCH k', 'PING', 'HELLO 3', 'EXEC');
    const no = error('ERR no');
    expect(answers(started, OK, no, no, simple('QUEUED'), simple('QUEUED'))).toHaveLength(5);
    expect(started.answered(array([simple('PONG'), map([])])).executed?.map(({ to }) => to)).toEqual(['PING', 'HELLO 3']);
    expect(started.protocol).toBe(3);
  });

  it('in time that grows with their number alone', () => {
    const started = new Pairing<number>();
    for (let i = 0; i < 200_000; i += 1) started.asked({ args: [bytesOf('PING')], inline: false }, i);
    let sum = 0;
    for (let i = 0; i < 200_000; i += 1) sum += started.answered(OK).to === i ? 1 : 0;
    expect(sum).toBe(200_000);
  });
});
