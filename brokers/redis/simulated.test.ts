import { describe, expect, test } from 'vitest';
import { commandFrame } from '../../protocols/carriers/resp/frames.ts';
import { bytesOf } from '../../protocols/carriers/resp/value.ts';
import type { Link } from '../../protocols/common/environment.ts';
import { messageOf } from '../../protocols/common/frame.ts';
import { manualEnvironment } from '../../protocols/common/testing/manual-environment.ts';
import { simulateRedis } from './simulated.ts';

const EPOCH = 1_700_000_000_000;

/** A model whose connections write down what they hear. */
function simulated() {
  const environment = manualEnvironment();
  const { accept, outages } = simulateRedis(environment, EPOCH);
  const connect = () => {
    const heard: string[] = [];
    const link: Link = {
      send: ({ data }) => void heard.push(Buffer.from(data).toString('latin1').replaceAll('\r\n', ' ').trim()),
      close: () => void heard.push('hung up'),
      abort: () => void heard.push('aborted'),
    };
    const events = accept()?.(link);
    if (events === undefined) throw new Error('nobody answers');
    events.opened();
    return { heard, events, send: (...args: string[]) => events.message(commandFrame(args)) };
  };
  return { environment, connect, outages };
}

describe('the model on the time of an environment', () => {
  test('makes ids of it', () => {
    const { environment, connect } = simulated();
    const one = connect();
    one.send('XADD', 's', '*', 'f', 'v');
    environment.advance(250.75);
    one.send('XADD', 's', '*', 'f', 'v');
    one.send('XADD', 's', '*', 'f', 'v');
    expect(one.heard).toEqual(['$15 1700000000000-0', '$15 1700000000250-0', '$15 1700000000250-1']);
  });

  test('lets reads wait for an entry, or for as long as they said, and then takes what came meanwhile', () => {
    const { environment, connect } = simulated();
    const [one, two] = [connect(), connect()];
    one.send('XREAD', 'BLOCK', '1000', 'STREAMS', 's', '$');
    one.send('PING');
    environment.advance(999);
    expect(one.heard).toEqual([]);
    environment.advance(1);
    expect(one.heard).toEqual(['*-1', '+PONG']);
    one.send('XREAD', 'BLOCK', '1000', 'STREAMS', 's', '$');
    environment.advance(500);
    two.send('XADD', 's', '7', 'f', 'v');
    expect(one.heard.at(-1)).toBe('*1 *2 $1 s *1 *2 $3 7-0 *2 $1 f $1 v');
    expect(environment.pending()).toBe(0);
  });

  test('ends keys when their time is over, and tells who waits in a group of them', () => {
    const { environment, connect } = simulated();
    const [one, two] = [connect(), connect()];
    one.send('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM');
    one.send('XREADGROUP', 'GROUP', 'g', 'a', 'BLOCK', '0', 'STREAMS', 's', '>');
    two.send('EXPIRE', 's', '5');
    two.send('TTL', 's');
    environment.advance(5000);
    two.send('PTTL', 's');
    environment.advance(1);
    two.send('TTL', 's');
    expect(two.heard).toEqual([':1', ':5', ':0', ':-2']);
    expect(one.heard).toEqual(['+OK', '-UNBLOCKED the stream key no longer exists']);
  });

  test('counts idle time, by which entries are claimed', () => {
    const { environment, connect } = simulated();
    const one = connect();
    one.send('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM');
    one.send('XADD', 's', '1-1', 'f', 'v');
    one.send('XREADGROUP', 'GROUP', 'g', 'a', 'STREAMS', 's', '>');
    environment.advance(1999);
    one.send('XAUTOCLAIM', 's', 'g', 'b', '2000', '0');
    environment.advance(1);
    one.send('XPENDING', 's', 'g', '-', '+', '1');
    one.send('XAUTOCLAIM', 's', 'g', 'b', '2000', '0');
    one.send('XPENDING', 's', 'g', '-', '+', '1');
    expect(one.heard.slice(3)).toEqual([
      '*3 $3 0-0 *0 *0',
      '*1 *4 $3 1-1 $1 a :2000 :1',
      '*3 $3 0-0 *1 *2 $3 1-1 *2 $1 f $1 v *0',
      '*1 *4 $3 1-1 $1 b :0 :2',
    ]);
  });

  test('lets go of who is gone, so that entries go to those who wait', () => {
    const { environment, connect } = simulated();
    const [one, two, three] = [connect(), connect(), connect()];
    one.send('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM');
    one.send('XREADGROUP', 'GROUP', 'g', 'a', 'BLOCK', '5000', 'STREAMS', 's', '>');
    two.send('XREADGROUP', 'GROUP', 'g', 'b', 'BLOCK', '0', 'STREAMS', 's', '>');
    one.events.closed({ code: 1006, reason: '' });
    expect(environment.pending()).toBe(0);
    three.send('XADD', 's', '1-1', 'f', 'v');
    three.send('XINFO', 'CONSUMERS', 's', 'g');
    expect(one.heard).toEqual(['+OK']);
    expect(two.heard).toEqual(['*1 *2 $1 s *1 *2 $3 1-1 *2 $1 f $1 v']);
    expect(three.heard.at(-1)).toMatch(/^\*1 \*6 \$4 name \$1 b \$7 pending :1 /);
  });

  test('hangs up after QUIT and after what is no RESP, and answers nothing further', () => {
    const { connect } = simulated();
    const [one, two] = [connect(), connect()];
    one.send('QUIT');
    one.send('PING');
    expect(one.heard).toEqual(['+OK', 'hung up']);
    two.events.message(messageOf(bytesOf('PING\r\n*1\r\n:7\r\nPING\r\n')));
    two.send('PING');
    expect(two.heard).toEqual(['+PONG', "-ERR Protocol error: expected '$', got ':'", 'hung up']);
  });
});
