import { describe, expect, test } from 'vitest';
import { armed, close, text } from './testing/bench.ts';

const fromClient = { frame: { from: 'client' } };
const secondB = { frame: { text: 'b' }, nth: 2 };

describe('drop', () => {
  test('swallows the nth matching frame and no other', () => {
    const bench = armed({ drop: secondB });
    for (const word of ['b', 'a', 'b', 'b']) bench.send(0, 'client', text(word));
    expect(bench.take()).toEqual(['b > server 0', 'a > server 0', 'note drop: client frame 3 of connection 0', 'b > server 0']);
  });

  test('times counts on from the nth, all never ends', () => {
    const twice = armed({ drop: { ...fromClient, nth: 2, times: 2 } });
    for (const word of ['a', 'b', 'c', 'd']) twice.send(0, 'client', text(word));
    expect(twice.delivered()).toEqual(['a', 'd']);
    const all = armed({ drop: { ...fromClient, times: 'all' } });
    for (const word of ['a', 'b', 'c', 'd']) all.send(0, 'client', text(word));
    all.send(0, 'server', text('e'));
    expect(all.delivered()).toEqual(['e']);
  });

  test('a close frame can be dropped by its kind', () => {
    const bench = armed({ drop: { frame: { kind: 'close' } } });
    bench.send(0, 'client', text('a'));
    bench.send(0, 'client', close(1000));
    expect(bench.delivered()).toEqual(['a']);
  });
});

describe('duplicate', () => {
  test('delivers the matching frame twice in a row, others once', () => {
    const bench = armed({ duplicate: { frame: { text: 'b' } } });
    for (const word of ['a', 'b', 'c']) bench.send(0, 'client', text(word));
    expect(bench.delivered()).toEqual(['a', 'b', 'b', 'c']);
  });
});

describe('hold and release', () => {
  test('later frames overtake the held one until release', () => {
    const bench = armed({ hold: { frame: { text: 'a' } } });
    for (const word of ['a', 'b', 'a']) bench.send(0, 'client', text(word));
    expect(bench.delivered()).toEqual(['b', 'a']);
    bench.arm('release');
    expect(bench.take()).toEqual(['note release: client frame 1 of connection 0', 'a > server 0']);
  });

  test('release ends a hold that has struck and leaves one that has not', () => {
    const bench = armed({ hold: { frame: { text: 'a' }, times: 'all' } }, { hold: { frame: { text: 'z' } } });
    bench.send(0, 'client', text('a'));
    bench.arm('release');
    bench.send(0, 'client', text('a'));
    bench.send(0, 'client', text('z'));
    expect(bench.delivered()).toEqual(['a', 'a']);
  });

  test('what is held dies with its connection', () => {
    const bench = armed({ hold: { frame: { text: 'a' } } });
    bench.send(0, 'client', text('a'));
    bench.hangUp(0, 'client', 'fin');
    bench.arm('release');
    expect(bench.delivered()).toEqual([]);
  });
});

describe('reorder', () => {
  test('swaps the frame with the next of its direction only', () => {
    const bench = armed({ reorder: { frame: { text: 'a' } } });
    bench.send(0, 'client', text('a'));
    bench.send(0, 'server', text('x'));
    bench.send(0, 'client', text('b'));
    bench.send(0, 'client', text('c'));
    expect(bench.delivered()).toEqual(['x', 'b', 'a', 'c']);
  });

  test('keep-alives slip by, and the frame goes ahead of a close or an end', () => {
    const bench = armed({ reorder: { frame: { text: 'a' } } });
    bench.send(0, 'client', text('a'));
    bench.send(0, 'client', { kind: 'ping', class: 'upkeep', data: new Uint8Array() });
    bench.send(0, 'client', close(1000));
    expect(bench.delivered()).toEqual(['ping', 'a', 'close 1000']);
    const ended = armed({ reorder: { frame: { text: 'a' } } });
    ended.send(0, 'client', text('a'));
    ended.hangUp(0, 'client', 'fin');
    expect(ended.take().slice(1)).toEqual(['a > server 0', 'closed 0 by client fin', 'end 0 fin']);
  });
});

describe('corrupt, truncate, replace, split', () => {
  test('corrupt flips one byte, counted from either end', () => {
    const bench = armed({ corrupt: { frame: { text: 'abc' } } });
    bench.send(0, 'client', text('abc'));
    bench.send(0, 'client', text('abc'));
    expect(bench.bytes()).toEqual([
      [0x61 ^ 0xff, 0x62, 0x63, 'altered'],
      [0x61, 0x62, 0x63],
    ]);
    const last = armed({ corrupt: { frame: { text: 'abc' }, byte: -1 } });
    last.send(0, 'client', text('abc'));
    expect(last.bytes()).toEqual([[0x61, 0x62, 0x63 ^ 0xff, 'altered']]);
  });

  test('a byte that is not there leaves the frame as it was and says so', () => {
    const bench = armed({ corrupt: { frame: { text: 'abc' }, byte: 3 } });
    bench.send(0, 'client', text('abc'));
    expect(bench.take()).toEqual([
      'note corrupt: client frame 1 of connection 0 passed as it was: the message has no byte 3, only 3 bytes',
      'abc > server 0',
    ]);
  });

  test('truncate keeps the first bytes', () => {
    const bench = armed({ truncate: { frame: { text: 'abc' }, to: 1 } });
    bench.send(0, 'client', text('xyz'));
    bench.send(0, 'client', text('abc'));
    expect(bench.delivered()).toEqual(['xyz', 'a']);
  });

  test('replace encodes the message anew', () => {
    const bench = armed({ replace: { frame: { text: 'abc' }, set: { text: 'other' } } });
    bench.send(0, 'client', text('abc'));
    bench.send(0, 'client', text('abc'));
    expect(bench.delivered()).toEqual(['other', 'abc']);
  });

  test('split asks for fragments and leaves the message unaltered', () => {
    const bench = armed({ split: { frame: { text: 'abc' }, into: 3 } });
    bench.send(0, 'client', text('abc'));
    expect(bench.take()[1]).toBe('abc > server 0 in 3');
  });

  test('what is no message is left alone', () => {
    const bench = armed({ truncate: { frame: { kind: 'close' }, to: 0 } }, { split: { frame: { kind: 'close' } } });
    bench.send(0, 'client', close(1000));
    expect(bench.delivered()).toEqual(['close 1000']);
  });
});

describe('delay', () => {
  test('frames behind the delayed one wait, the other direction does not', () => {
    const bench = armed({ delay: { frame: { text: 'a' }, for: 50 } });
    bench.send(0, 'client', text('a'));
    bench.send(0, 'client', text('b'));
    bench.send(0, 'server', text('x'));
    bench.send(0, 'client', close(1000));
    bench.hangUp(0, 'client', 'fin');
    expect(bench.take()).toEqual(['note delay 50 ms: client frame 1 of connection 0', 'timer 0 50', 'x > client 0']);
    bench.due(0);
    expect(bench.take()).toEqual(['a > server 0', 'b > server 0', 'close 1000 > server 0', 'closed 0 by client close 1000', 'end 0 fin']);
  });

  test('a direction goes on when its first delay is over, up to the next delayed frame', () => {
    const bench = armed({ delay: { frame: { text: 'a' }, for: 50, times: 2 } });
    for (const word of ['a', 'b', 'a', 'c']) bench.send(0, 'client', text(word));
    bench.due(1);
    expect(bench.delivered()).toEqual([]);
    bench.due(0);
    expect(bench.delivered()).toEqual(['a', 'b', 'a', 'c']);
  });

  test('a timer that comes too late does nothing', () => {
    const bench = armed({ delay: { frame: { text: 'a' }, for: 50 } });
    bench.send(0, 'client', text('a'));
    bench.arm('cut');
    bench.take();
    bench.due(0);
    expect(bench.take()).toEqual([]);
  });
});
