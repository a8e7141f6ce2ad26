import { describe, expect, test } from 'vitest';
import type { Frame, MessageFrame, OpeningFrame } from '../../protocols/common/frame.ts';
import { told } from '../../protocols/common/testing/told.ts';
import type { TraceEvent } from '../../protocols/common/trace.ts';
import type { Whereabouts } from '../../protocols/common/whereabouts.ts';
import { createRecorder, TRACE_LIMITS, TraceLimitError, type WireRecorder } from './recorder.ts';

function message(text: string): MessageFrame {
  return { kind: 'message', class: 'data', text: true, data: new TextEncoder().encode(text) };
}

/** Frames that are more than a message: of a broker, parts, and one of which it is known how it was written. */
function framesOfOthers(i: number): readonly MessageFrame[] {
  const body = message(`part ${i}`);
  const between = [{ at: 1, bytes: Uint8Array.of(i % 256) }];
  return [
    { ...body, kind: 'reply', text: false },
    { ...body, kind: 'head', part: { exchange: i, head: true } },
    { ...body, kind: 'data', part: { exchange: i }, written: { between, ahead: 0 } },
    { ...body, kind: 'data', part: { exchange: i, last: true } },
  ];
}

function recorder() {
  const decoded: string[] = [];
  let now = 0;
  const made = createRecorder(
    {
      decode(frame) {
        const text = new TextDecoder().decode(frame.data);
        decoded.push(text);
        return { ok: true, message: text };
      },
    },
    'text',
    () => {
      now += 1;
      return now;
    },
  );
  return { made, decoded };
}

test('events are numbered in order and carry the time', () => {
  const { made } = recorder();
  made.opened(0);
  made.step(0, 'begin');
  made.closed({ connection: 0, by: 'client', how: 'close', code: 1000 });
  expect([...made.trace].map(({ n, t, type }) => [n, t, type])).toEqual([
    [0, 1, 'opened'],
    [1, 2, 'step'],
    [2, 3, 'closed'],
  ]);
});

test('a frame is decoded when first asked for; one that passes unchanged once, an altered or invented one anew', () => {
  const { made, decoded } = recorder();
  const frame = message('a');
  const { n } = made.sent(0, 'client', frame);
  made.delivered({ connection: 0, to: 'server', of: n, altered: false, frame });
  made.delivered({ connection: 0, to: 'server', of: n, altered: true, frame: message('b') });
  made.delivered({ connection: 0, to: 'server', of: undefined, altered: false, frame: message('c') });
  expect(decoded).toEqual([]);
  expect([...made.trace].map((event) => (event.type === 'delivered' ? event.decoded : undefined))).toEqual([
    undefined,
    { ok: true, message: 'a' },
    { ok: true, message: 'b' },
    { ok: true, message: 'c' },
  ]);
  const [sent] = made.trace;
  expect(sent?.type === 'sent' && sent.decoded).toEqual({ ok: true, message: 'a' });
  expect(decoded).toEqual(['a', 'b', 'c']);
});

test('where only the last are remembered, a frame that is asked for again later is decoded anew, to the same', () => {
  const decoded: string[] = [];
  const made = createRecorder(
    {
      decode({ data }) {
        const message = new TextDecoder().decode(data);
        decoded.push(message);
        return { ok: true, message };
      },
    },
    'text',
    () => 0,
    { ...TRACE_LIMITS, remembered: 2 },
  );
  const words = ['a', 'b', 'c'];
  for (const word of words) made.sent(0, 'client', message(word));
  const said = (): unknown[] => [...made.trace].map((event) => (event.type === 'sent' && event.decoded?.ok ? event.decoded.message : ''));
  expect(said()).toEqual(words);
  expect(decoded).toEqual(words);
  expect(said().slice(0, 1)).toEqual(['a']);
  const last = made.trace.at(2);
  const before = decoded.length;
  expect([last, last].map((event) => (event?.type === 'sent' && event.decoded?.ok ? event.decoded.message : ''))).toEqual(['c', 'c']);
  expect(decoded.length - before).toBeLessThanOrEqual(1);
  expect(said()).toEqual(words);
});

test('close frames have no decoded message', () => {
  const { made, decoded } = recorder();
  const frame = { kind: 'close', class: 'closing', code: 1000, reason: '' } as const;
  const event = made.sent(0, 'client', frame);
  made.delivered({ connection: 0, to: 'server', of: event.n, altered: false, frame });
  expect(event.decoded).toBeUndefined();
  expect(decoded).toEqual([]);
});

test('a listener may stop itself and others while it is called, and a new one hears only what follows', () => {
  const { made } = recorder();
  const heard: string[] = [];
  const stopFirst = made.listen((event) => {
    heard.push(`first ${event.n}`);
    stopFirst();
    stopSecond();
    made.listen((later) => heard.push(`third ${later.n}`));
  });
  const stopSecond = made.listen((event) => heard.push(`second ${event.n}`));
  made.opened(0);
  made.opened(1);
  expect(heard).toEqual(['first 0', 'third 1']);
});

test('what a listener records is heard by all in the order of the trace', () => {
  const { made } = recorder();
  const heard: TraceEvent[] = [];
  made.listen((event) => {
    if (event.type === 'opened') made.fault(event.connection, 'seen');
  });
  made.listen((event) => heard.push(event));
  made.opened(0);
  expect(heard).toEqual([...made.trace]);
  expect(heard.map(({ type }) => type)).toEqual(['opened', 'fault']);
});

test('an error of a listener reaches the caller and does not deafen the others later', () => {
  const { made } = recorder();
  const stop = made.listen(() => {
    throw new Error('ouch');
  });
  expect(() => made.opened(0)).toThrow('ouch');
  stop();
  const heard: number[] = [];
  made.listen(({ n }) => heard.push(n));
  made.opened(1);
  expect(heard).toEqual([1]);
});

test('a trace that grows beyond its limits takes no further frame, and nothing is decoded for it', () => {
  const decode = (frame: MessageFrame) => ({ ok: true, message: frame.data.length }) as const;
  const few = createRecorder({ decode }, 'text', () => 0, { ...TRACE_LIMITS, events: 2, bytes: 100 });
  few.opened(0);
  few.sent(0, 'client', message('a'));
  expect(() => few.sent(0, 'client', message('b'))).toThrow(TraceLimitError);
  expect(few.trace.length).toBe(2);
  const short = createRecorder({ decode }, 'text', () => 0, { ...TRACE_LIMITS, events: 100, bytes: 10 });
  const { n } = short.sent(0, 'client', message('12345678'));
  short.delivered({ connection: 0, to: 'server', of: n, altered: false, frame: message('12345678') });
  expect(() => short.sent(0, 'client', message('901'))).toThrow(/11 bytes of frames/);
  expect(short.trace.length).toBe(2);
});

test('a trace of which most is on disk reads like one in memory', () => {
  const record = (inMemory: number) => {
    const made = createRecorder({ decode: ({ data }) => ({ ok: true, message: new TextDecoder().decode(data) }) }, 'text', () => 7, {
      ...TRACE_LIMITS,
      inMemory,
    });
    made.opened(0);
    for (let i = 0; i < 3000; i += 1) {
      const frame = message(`${i}`);
      const { n } = made.sent(0, 'client', frame);
      // Some wait for long, some are altered or invented.
      const of = i % 5 === 0 ? 1 : n;
      const sent = i % 5 === 0 ? message('0') : frame;
      made.delivered({ connection: 0, to: 'server', of, altered: false, frame: sent });
      if (i % 7 === 0) made.delivered({ connection: 0, to: 'server', of: n, altered: true, frame: message('altered') });
      if (i % 11 === 0) made.delivered({ connection: 0, to: 'client', of: undefined, altered: false, frame: message('invented') });
      for (const other of i % 3 === 0 ? framesOfOthers(i) : []) {
        const sentAs = made.sent(1, i % 2 === 0 ? 'broker' : 'client', other);
        made.delivered({
          connection: 1,
          to: i % 2 === 0 ? 'client' : 'broker',
          from: sentAs.from,
          of: sentAs.n,
          altered: false,
          frame: other,
        });
      }
      made.application('server', 'main', {
        kind: 'send',
        call: 'a',
        value: { i, big: 2n ** 70n, bytes: Uint8Array.of(i % 256), none: undefined },
      });
    }
    const close = { kind: 'close', class: 'closing', code: undefined, reason: '' } as const;
    made.sent(0, 'server', close);
    made.closed({ connection: 0, by: 'server', how: 'close', code: undefined });
    return made;
  };
  const [spilled, kept] = [record(100_000), record(1e9)];
  expect(told(spilled.trace)).toEqual(told(kept.trace));
  expect(told(spilled.trace.slice(100, 4000))).toEqual(told(kept.trace.slice(100, 4000)));
  spilled.close();
  kept.close();
  expect(() => spilled.trace.at(0)).toThrow(/given back/);
  expect(kept.trace.at(0)).toMatchObject({ type: 'opened' });
});

test('what is deferred comes in its place and with its time when the trace is looked at or added to', () => {
  const { made } = recorder();
  const later = (text: string) => made.defer(() => made.sent(0, 'client', message(text)));
  const texts = () => Array.from(made.trace, (event) => [event.n, event.t, event.type === 'sent' ? event.decoded : event.type]);
  made.opened(0);
  later('a');
  later('b');
  made.step(0, 'begin');
  later('c');
  expect(texts()).toEqual([
    [0, 1, 'opened'],
    [1, 2, { ok: true, message: 'a' }],
    [2, 3, { ok: true, message: 'b' }],
    [3, 4, 'step'],
    [4, 5, { ok: true, message: 'c' }],
  ]);
  later('d');
  expect(made.trace.length).toBe(6);
  later('e');
  expect(made.trace.at(6)).toMatchObject({ t: 7 });
  later('f');
  expect([...made.trace.slice(7)]).toMatchObject([{ t: 8 }]);
});

test('nothing is deferred while somebody listens, and who begins to listen hears nothing from before', () => {
  const { made } = recorder();
  made.defer(() => made.opened(0));
  const heard: number[] = [];
  made.listen((event) => event.type === 'opened' && heard.push(event.connection));
  made.defer(() => made.opened(1));
  expect(heard).toEqual([1]);
});

test('no more than some is deferred', () => {
  const { made } = recorder();
  let done = 0;
  for (let i = 0; i < 1000; i += 1) {
    made.defer(() => {
      done += 1;
    });
  }
  expect(done).toBeGreaterThan(900);
});

test('of a trace that loses its oldest the heads of exchanges that are gone are forgotten, and what is there still is read by its own', () => {
  const heads: (number | undefined)[] = [];
  const limits = { ...TRACE_LIMITS, inMemory: 1024, onDisk: 64 * 1024 };
  const decode = (_frame: MessageFrame, { heads: known }: { readonly heads?: readonly MessageFrame[] }) => {
    heads.push(known?.length);
    return { ok: true as const, message: known?.length };
  };
  const made = createRecorder({ decode }, 'text', () => 0, limits);
  const part = (exchange: number, isHead: boolean): MessageFrame => ({
    ...message('x'.repeat(200)),
    part: { exchange, ...(isHead ? { head: true as const } : {}) },
  });
  const last = 5000;
  for (let exchange = 0; exchange <= last; exchange += 1) {
    made.sent(0, 'client', part(exchange, true));
    made.sent(0, 'server', part(exchange, true));
    made.sent(0, 'server', part(exchange, false));
  }
  expect(made.first).toBeGreaterThan(0);
  expect(made.whereabouts(0, 'client', { exchange: 0 }).heads).toBeUndefined();
  expect(made.whereabouts(0, 'client', { exchange: last }).heads).toHaveLength(2);
  for (const event of made.trace) if (event.type === 'sent') expect(event.decoded).toEqual({ ok: true, message: 2 });
  made.close();
});

describe('what frames are read by goes to disk with them: of exchanges and connections that are over nothing else is kept', () => {
  const decode = (_frame: MessageFrame, { heads, openings }: Pick<Whereabouts, 'heads' | 'openings'>) => ({
    ok: true as const,
    message: [heads?.length, openings.length],
  });
  const goesOn = { ...TRACE_LIMITS, inMemory: 1024, onDisk: 1024 ** 3 };

  /** Whether each frame that others go before is read by as many; its place is told alike. */
  const allRead = (made: WireRecorder, isBehind: (frame: Frame) => boolean, heads: number | undefined, openings: number): void => {
    expect(made.first).toBe(0);
    const frames = [...made.trace].filter((event) => event.type === 'sent' || event.type === 'delivered');
    for (const event of frames.filter(({ frame }) => isBehind(frame))) {
      expect(event.decoded).toEqual({ ok: true, message: [heads, openings] });
      const place = made.whereaboutsOf(event);
      expect([place.heads?.length, place.openings.length]).toEqual([heads, openings]);
    }
  };

  test('heads', () => {
    const made = createRecorder({ decode }, 'text', () => 0, goesOn);
    const part = (exchange: number, isHead: boolean): MessageFrame => ({
      ...message('x'.repeat(200)),
      part: { exchange, ...(isHead ? { head: true as const } : {}) },
    });
    const pass = (from: 'client' | 'server', frame: MessageFrame): number => {
      const { n } = made.sent(0, from, frame);
      made.delivered({ connection: 0, to: from === 'client' ? 'server' : 'client', of: n, altered: false, frame });
      return n;
    };
    const last = 1500;
    let late = 0;
    for (let exchange = 0; exchange <= last; exchange += 1) {
      pass('client', part(exchange, true));
      pass('server', part(exchange, true));
      const n = pass('server', part(exchange, false));
      if (exchange === 0) late = n;
    }
    expect(made.whereabouts(0, 'client', { exchange: 0 }).heads).toBeUndefined();
    expect(made.whereabouts(0, 'client', { exchange: last }).heads).toHaveLength(2);
    // Deliveries that come when nobody knows the exchange any more are read as what was sent.
    for (const altered of [false, true]) made.delivered({ connection: 0, to: 'client', of: late, altered, frame: part(0, false) });
    allRead(made, (frame) => frame.class === 'data' && frame.part?.head !== true, 2, 0);
    made.close();
  });

  test('openings', () => {
    const made = createRecorder({ decode }, 'text', () => 0, goesOn);
    const upgrade: OpeningFrame = { kind: 'upgrade', class: 'opening', data: new Uint8Array(300) };
    const connections = 2500;
    for (let connection = 0; connection < connections; connection += 1) {
      made.opened(connection);
      made.sent(connection, 'client', upgrade);
      made.sent(connection, 'server', upgrade);
      made.sent(connection, 'client', message('a'));
      made.closed({ connection, by: 'client', how: 'fin', code: undefined });
    }
    expect(made.whereabouts(0, 'client').openings).toEqual([]);
    expect(made.whereabouts(connections - 1, 'client').openings).toHaveLength(2);
    allRead(made, (frame) => frame.class === 'data', undefined, 2);
    made.close();
  });
});
