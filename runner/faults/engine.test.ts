import { describe, expect, test } from 'vitest';
import { webSocket } from '../../protocols/carriers/websocket/carrier.ts';
import { advance } from './engine.ts';
import type { FaultAction, FaultInput, FaultTools } from './exchange.ts';
import type { Fault } from './fault.ts';
import { startFaults } from './state.ts';
import { armed, close, createBench, text } from './testing/bench.ts';

const tools: FaultTools = {
  matches: () => true,
  replace: (frame) => frame,
  encode: () => text(''),
  carrier: webSocket,
  seesOpenings: false,
};

describe('without faults', () => {
  test('connections are accepted and frames pass in order, unaltered', () => {
    const bench = createBench();
    bench.dial(0);
    bench.send(0, 'client', text('a'));
    bench.send(0, 'server', text('b'));
    expect(bench.take()).toEqual(['accept 0', 'a > server 0', 'b > client 0']);
  });

  test('an unaltered delivery is the very frame that was sent', () => {
    const state = startFaults();
    advance(state, { type: 'dial', connection: 0 }, tools);
    const frame = text('a');
    const event = { n: 7, t: 0, type: 'sent', connection: 0, from: 'client', frame, decoded: undefined } as const;
    const [action] = advance(state, { type: 'frame', event }, tools);
    expect(action).toMatchObject({ type: 'deliver', of: 7, altered: false, split: undefined });
    expect(action?.type === 'deliver' && action.frame).toBe(frame);
  });

  test('the first close frame says who ended the connection and with which code', () => {
    const bench = armed();
    bench.send(0, 'client', close(4001));
    bench.send(0, 'server', close(4001));
    bench.hangUp(0, 'server', 'fin');
    expect(bench.take()).toEqual(['close 4001 > server 0', 'close 4001 > client 0', 'closed 0 by client close 4001', 'end 0 fin']);
  });

  test('a bare end of stream ends both sides in the same manner', () => {
    const bench = armed();
    bench.hangUp(0, 'client', 'rst');
    expect(bench.take()).toEqual(['closed 0 by client rst', 'end 0 rst']);
  });

  test('what comes of a connection that is over or unknown is ignored', () => {
    const bench = armed();
    bench.hangUp(0, 'client', 'fin');
    bench.take();
    bench.send(0, 'server', text('late'));
    bench.hangUp(0, 'server', 'fin');
    bench.send(5, 'client', text('nobody'));
    expect(bench.take()).toEqual([]);
  });
});

describe('cut', () => {
  test('the word cuts all connections and refuses new ones until restore', () => {
    const bench = armed();
    bench.dial(1);
    bench.take();
    bench.arm('cut');
    bench.dial(2);
    bench.arm('restore');
    bench.dial(3);
    expect(bench.take()).toEqual([
      'note cut (rst): connection 0, 1',
      'closed 0 by proxy rst',
      'end 0 rst',
      'closed 1 by proxy rst',
      'end 1 rst',
      'note refuse (reset): connection 2',
      'refuse 2 reset',
      'closed 2 by proxy rst',
      'note restore',
      'accept 3',
    ]);
  });

  test('in detail it lets new connections pass unless told otherwise', () => {
    const bench = armed({ cut: { how: 'fin' } });
    bench.dial(1);
    expect(bench.take()).toEqual(['accept 1']);
    bench.arm({ cut: { reconnect: 'refuse' } });
    bench.take();
    bench.dial(2);
    expect(bench.take()[1]).toBe('refuse 2 reset');
  });

  test.each([
    ['before', ['a > server 0', 'closed 0 by proxy rst', 'end 0 rst']],
    ['inside', ['a > server 0', 'part of b > server 0', 'closed 0 by proxy rst', 'end 0 rst']],
    ['after', ['a > server 0', 'b > server 0', 'closed 0 by proxy rst', 'end 0 rst']],
  ] as const)('%s a frame, on its connection only', (at, expected) => {
    const bench = armed({ cut: { frame: { text: 'b' }, at } });
    bench.dial(1);
    bench.take();
    for (const word of ['a', 'b', 'c']) bench.send(0, 'client', text(word));
    bench.send(1, 'client', text('b'));
    expect(bench.take().filter((line) => !line.startsWith('note'))).toEqual([...expected, 'b > server 1']);
  });

  test('at a frame it can refuse what comes after', () => {
    const bench = armed({ cut: { frame: { text: 'b' }, reconnect: 'refuse' } });
    bench.dial(1);
    bench.send(0, 'client', text('b'));
    bench.dial(2);
    expect(bench.take().filter((line) => /accept|refuse \d/.test(line))).toEqual(['accept 1', 'refuse 2 reset']);
  });
});

describe('close', () => {
  test('puts a close frame toward both ends, then ends the connection', () => {
    const bench = armed({ hold: { frame: { text: 'a' } } });
    bench.arm({ close: { code: 1001 } });
    expect(bench.take().slice(1)).toEqual(['close 1001 > client 0', 'close 1001 > server 0', 'closed 0 by proxy close 1001', 'end 0 fin']);
  });

  test('a close frame can be without a code, and is an orderly end all the same', () => {
    const bench = armed();
    bench.arm({ close: { code: 'none' } });
    const ends = ['close without code > client 0', 'close without code > server 0', 'closed 0 by proxy close', 'end 0 fin'];
    expect(bench.take().slice(1)).toEqual(ends);
  });

  test('toward one end the other sees only the end of stream', () => {
    const bench = armed();
    bench.arm({ close: { code: 1011, toward: 'client' } });
    expect(bench.take().slice(1)).toEqual(['close 1011 > client 0', 'closed 0 by proxy close 1011', 'end 0 fin']);
  });
});

describe('stall, resume and restore', () => {
  test('nothing passes on live connections, new ones are untouched, resume lets all go in order', () => {
    const bench = armed('stall');
    bench.dial(1);
    bench.send(0, 'client', text('a'));
    bench.send(0, 'server', text('x'));
    bench.send(0, 'client', text('b'));
    bench.send(1, 'client', text('new'));
    expect(bench.take()).toEqual(['accept 1', 'new > server 1']);
    bench.arm('resume');
    bench.send(0, 'client', text('c'));
    expect(bench.delivered()).toEqual(['a', 'x', 'b', 'c']);
  });

  test('from one end only', () => {
    const bench = armed({ stall: { from: 'server' } });
    bench.send(0, 'client', text('a'));
    bench.send(0, 'server', text('x'));
    expect(bench.delivered()).toEqual(['a']);
  });

  test('close frames and ends are kept back too, but the trace learns at once who gave up', () => {
    const bench = armed('stall');
    bench.send(0, 'client', close(1000));
    expect(bench.take()).toEqual(['closed 0 by client close 1000']);
    bench.hangUp(0, 'client', 'fin');
    bench.send(0, 'server', text('x'));
    expect(bench.take()).toEqual([]);
    bench.arm('restore');
    // The client is gone: what the server sent it is lost.
    expect(bench.take()).toEqual(['note restore', 'close 1000 > server 0', 'end 0 fin']);
  });

  test('stall tied to a frame keeps it and all that its sender writes behind it, on its connection alone', () => {
    const bench = armed({ stall: { frame: { text: 'b' } } });
    bench.dial(1);
    bench.take();
    for (const word of ['a', 'b', 'c']) bench.send(0, 'server', text(word));
    bench.send(0, 'client', text('d'));
    bench.send(1, 'server', text('b'));
    expect(bench.delivered()).toEqual(['a', 'd', 'b']);
    bench.send(0, 'server', close(1000));
    expect(bench.take()).toEqual(['closed 0 by server close 1000']);
    bench.arm('resume');
    expect(bench.delivered()).toEqual(['b', 'c', 'close 1000']);
  });

  test.each([
    [{ stall: { nth: 2 } }, 'nth'],
    [{ stall: { from: 'server', frame: { text: 'b' } } }, 'from'],
  ] as const)('stall refuses %j', (fault, word) => {
    expect(() => armed(fault)).toThrow(word);
  });

  test('cut ends a stalled connection and what was kept with it', () => {
    const bench = armed('stall');
    bench.send(0, 'client', text('a'));
    bench.arm({ cut: {} });
    bench.arm('resume');
    expect(bench.delivered()).toEqual([]);
  });
});

describe('refuse', () => {
  test('the word refuses until restore and leaves live connections alone', () => {
    const bench = armed('refuse');
    bench.dial(1);
    bench.send(0, 'client', text('a'));
    bench.arm('restore');
    bench.dial(2);
    expect(bench.take().filter((line) => !line.startsWith('note'))).toEqual([
      'refuse 1 reset',
      'closed 1 by proxy rst',
      'a > server 0',
      'accept 2',
    ]);
  });

  test('so many times and in the way asked for', () => {
    const bench = armed({ refuse: { times: 1, how: 'http' } });
    bench.dial(1);
    bench.dial(2);
    expect(bench.take().slice(1)).toEqual(['refuse 1 http', 'closed 1 by proxy fin', 'accept 2']);
  });

  test('in silence the connection lives until its client gives up or it is cut', () => {
    const bench = armed({ refuse: { how: 'silent' } });
    bench.dial(1);
    bench.dial(2);
    bench.take();
    bench.hangUp(1, 'client', 'fin');
    bench.arm({ cut: {} });
    expect(bench.take().filter((line) => !line.startsWith('note'))).toEqual([
      'closed 1 by client fin',
      'end 1 fin',
      'closed 0 by proxy rst',
      'end 0 rst',
      'closed 2 by proxy rst',
      'end 2 rst',
    ]);
  });
});

describe('inject', () => {
  test('puts a frame of nobody on the newest live connection', () => {
    const bench = armed();
    bench.dial(1);
    bench.take();
    bench.arm({ inject: { toward: 'client', text: 'boo' } });
    bench.arm({ inject: { toward: 'server', hex: '6869' } });
    bench.arm({ inject: { toward: 'server', message: { text: 'made' } } });
    expect(bench.delivered()).toEqual(['boo', 'hi', 'made']);
  });

  test('without a live connection it cannot be done', () => {
    const bench = createBench();
    expect(() => bench.arm({ inject: { toward: 'client', text: 'boo' } })).toThrow('no live connection');
  });
});

describe('a fault that is lifted', () => {
  test('strikes no more, says what it struck, and leaves the others at work', () => {
    const bench = armed({ drop: { frame: { text: 'a' }, times: 'all' } }, { drop: { frame: { text: 'b' }, times: 'all' } });
    bench.send(0, 'client', text('a'));
    bench.send(0, 'client', text('a'));
    bench.take();
    bench.lift(1);
    expect(bench.take()).toEqual(['note lifted: drop: { frame: { text: a }, times: all }; struck 2 times']);
    for (const word of ['a', 'b']) bench.send(0, 'client', text(word));
    expect(bench.delivered()).toEqual(['a']);
    expect(bench.standing().armed).toMatchObject([{ id: 2, struck: 1 }]);
  });

  test.each<[Fault, string]>([
    [{ hold: { frame: { text: 'a' } } }, 'struck once'],
    [{ delay: { frame: { text: 'a' }, for: 1000 } }, 'struck once'],
    [{ reorder: { frame: { text: 'a' } } }, 'struck once'],
    [{ stall: { from: 'client' } }, 'lifted: stall: { from: client }'],
  ])('lets go in order what it kept: %j', (fault, says) => {
    const bench = armed(fault, { split: { frame: { text: 'a' }, into: 3 } });
    bench.send(0, 'client', text('a'));
    expect(bench.delivered()).toEqual([]);
    bench.lift(1);
    const [note, ...others] = bench.take();
    expect(note).toContain(says);
    // Faults that were armed behind it strike what it lets go.
    expect(others.filter((line) => line.includes(' > '))).toEqual(['a > server 0 in 3']);
    bench.send(0, 'client', text('b'));
    expect(bench.delivered()).toEqual(['b']);
    // A timer that runs out later finds nothing.
    bench.due(0);
    expect(bench.take()).toEqual([]);
  });

  test('that refuses connections lets the next one pass, and that of a cut likewise', () => {
    for (const fault of ['refuse', 'cut'] as const) {
      const bench = armed(fault);
      bench.lift(1);
      bench.dial(7);
      expect(bench.take()).toContain('accept 7');
    }
  });

  test('is lifted once, and its number is given to no other', () => {
    const bench = armed('refuse');
    bench.lift(1);
    bench.arm('refuse');
    expect(bench.standing().armed).toMatchObject([{ id: 2 }]);
    expect(() => bench.lift(1)).toThrow('fault 1 is not at work any more');
    expect(bench.standing().armed).toHaveLength(1);
  });
});

describe('several faults', () => {
  test('frames pass them in order of arming', () => {
    const twice = armed({ duplicate: { frame: { text: 'a' } } }, { drop: { frame: { text: 'a' } } });
    twice.send(0, 'client', text('a'));
    expect(twice.delivered()).toEqual(['a']);
    const never = armed({ drop: { frame: { text: 'a' } } }, { duplicate: { frame: { text: 'a' } } });
    never.send(0, 'client', text('a'));
    never.send(0, 'client', text('a'));
    expect(never.delivered()).toEqual(['a', 'a']);
  });

  test('spent faults are forgotten', () => {
    const state = startFaults();
    const feed = (input: FaultInput): readonly FaultAction[] => advance(state, input, tools);
    feed({ type: 'dial', connection: 0 });
    feed({ type: 'arm', fault: { drop: { frame: {} } } });
    feed({ type: 'arm', fault: 'stall' });
    feed({ type: 'arm', fault: 'refuse' });
    const event = { n: 0, t: 0, type: 'sent', connection: 0, from: 'client', frame: text('a'), decoded: undefined } as const;
    feed({ type: 'frame', event });
    feed({ type: 'arm', fault: 'restore' });
    expect(state.rules).toEqual([]);
  });
});

test.each<[Fault, string]>([
  [{}, 'exactly one key'],
  [{ cut: { at: 'inside' } }, 'say which with `frame`'],
  [{ inject: { toward: 'client' } }, 'exactly one of'],
  [{ inject: { toward: 'client', hex: 'abc' } }, 'pairs of hexadecimal digits'],
])('%j is refused', (fault, why) => {
  expect(() => armed(fault)).toThrow(why);
});
