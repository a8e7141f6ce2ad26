import { expect, test } from 'vitest';
import { startTogether } from '../../common/listening.ts';
import { heapInUse } from '../../common/testing/heap.ts';
import type { TraceEvent } from '../../common/trace.ts';
import type { RSocketFrame } from '../frame.ts';
import { cancelFrame, itemFrame, keepaliveFrame, requestFrame, requestNFrame } from '../frames.ts';
import { Talk, testFacts } from '../testing/talk.ts';
import { bytes, payload } from '../testing/worked-bytes.ts';
import { rsocketInvariants } from './index.ts';
import { followFrames } from './judging.ts';

/** Events that are remembered. */
const REMEMBERED = 1000;

/** All rules over a conversation as it goes on. `forgets`: what is past is let go of, time and again. */
function watch(forgets: boolean) {
  const broken: string[] = [];
  let held = 0;
  const automaton = startTogether(followFrames, rsocketInvariants, testFacts, () => ({
    holds: () => {
      held += 1;
    },
    violates: ({ requirement, blame }) => void broken.push(`${requirement} ${blame}`),
  }));
  const open = new Set<number>();
  let n = 0;
  let t = 0;
  return {
    broken,
    held: () => held,
    /** Lets the ends say what `play` has them say, behind all that was said. */
    hear: (play: (talk: Talk) => void) => {
      const talk = new Talk();
      play(talk);
      const first = n;
      for (const event of talk.events) {
        n += 1;
        t = Math.max(t, event.t);
        const moved = {
          ...event,
          n: first + event.n,
          t: event.t,
          ...('of' in event && event.of !== undefined ? { of: first + event.of } : {}),
        };
        if (moved.type === 'opened') open.add(moved.connection);
        if (moved.type === 'closed') open.delete(moved.connection);
        automaton.observe(moved as TraceEvent<RSocketFrame>);
        if (forgets && n % 200 === 0) automaton.forget?.({ before: n - REMEMBERED, isOver: (connection) => !open.has(connection) });
      }
    },
  };
}

/** One round of a session that goes on and on: calls of three kinds, and a ping. */
const round =
  (i: number) =>
  (talk: Talk): void => {
    const [a, b, c] = [6 * i + 1, 6 * i + 3, 6 * i + 5];
    talk.client(requestFrame('REQUEST_RESPONSE', a, payload('x'), 0, false), requestFrame('REQUEST_FNF', b, payload('x'), 0, false));
    talk.server(itemFrame(a, payload('y'), true));
    talk.client(requestFrame('REQUEST_STREAM', c, payload('x'), 1, false), requestNFrame(c, 2));
    talk.server(itemFrame(c, payload('y'), false), itemFrame(c, payload('y'), false));
    talk.client(cancelFrame(c));
    talk.client(keepaliveFrame(true, 0, bytes('p')));
    talk.server(keepaliveFrame(false, 0, bytes('p')));
  };

const begin = (talk: Talk): void => talk.begin();

test('what is past takes no room, however long a session goes on, and nobody is blamed for it', { timeout: 120_000 }, () => {
  const [few, all] = [watch(true), watch(false)];
  for (const each of [few, all]) each.hear(begin);
  for (let i = 0; i < 1000; i += 1) few.hear(round(i));
  const before = heapInUse();
  for (let i = 1000; i < 9000; i += 1) few.hear(round(i));
  const grown = heapInUse() - before;
  for (let i = 0; i < 9000; i += 1) all.hear(round(i));
  expect(heapInUse() - before - grown).toBeGreaterThan(16 * 1024 * 1024);
  expect(grown).toBeLessThan(4 * 1024 * 1024);
  expect(few.broken.filter((each) => !each.startsWith('RSOCKET-KEEPALIVE-01'))).toEqual([]);
  expect([few.broken, few.held()]).toEqual([all.broken, all.held()]);
});

test('a breach is noticed after as before, and what comes late on a stream that was let go of is nobody’s fault', () => {
  const few = watch(true);
  few.hear(begin);
  for (let i = 0; i < 400; i += 1) few.hear(round(i));
  const known = few.broken.length;
  few.hear((talk) => talk.client(requestNFrame(1, 1), cancelFrame(3)));
  expect(few.broken.slice(known)).toEqual([]);
  few.hear((talk) => {
    talk.server(itemFrame(9999, payload('y'), true));
    talk.client(requestFrame('REQUEST_RESPONSE', 1, payload('x'), 0, false));
  });
  expect(few.broken.slice(known)).toEqual(['RSOCKET-IGNORE-01 server', 'RSOCKET-STREAMID-01 client', 'RSOCKET-STREAMID-04 client']);
});
