import type { Chunk, Pipe } from './pipe.ts';
import type { Attributes, Toxic } from './toxic.ts';

/** What a toxic remembers of a connection for as long as it is in its chain, interruptions included. */
export interface PipeMemory {
  /** Bytes that a limit_data has passed. */
  passed: number;
}

/** Longest stretch, in ms, that a bandwidth waits before it passes something on. */
const BANDWIDTH_TICK_MS = 100;

/** The pipe of a toxic whose times are the world's. `random` gives uniform numbers in [0, 1). */
export function pipeOf(toxic: Toxic, memory: PipeMemory, random: () => number): Pipe {
  switch (toxic.type) {
    case 'latency':
      return latency(toxic.attributes, random);
    case 'bandwidth':
      return bandwidth(toxic.attributes);
    case 'slow_close':
      return slowClose(toxic.attributes);
    case 'timeout':
      return timeout(toxic.attributes);
    case 'reset_peer':
      return resetPeer(toxic.attributes);
    case 'slicer':
      return slicer(toxic.attributes, random);
    case 'limit_data':
      return limitData(toxic.attributes, memory);
  }
}

/** Passes everything: the pipe of a toxic that spares the connection. */
export function* passAll(): Pipe {
  for (;;) {
    const got = yield { kind: 'take' };
    if (got.kind !== 'chunk') return got.kind === 'end' ? 'closed' : 'interrupted';
    yield { kind: 'emit', chunk: got.chunk };
  }
}

function* latency({ latency: base, jitter }: Attributes<'latency'>, random: () => number): Pipe {
  for (;;) {
    const got = yield { kind: 'take' };
    if (got.kind !== 'chunk') return got.kind === 'end' ? 'closed' : 'interrupted';
    const delay = base + (jitter > 0 ? Math.floor(random() * 2 * jitter) - jitter : 0);
    const ms = delay - (got.now - got.chunk.since);
    const waited = yield { kind: 'wait', ms };
    if (waited.kind === 'interrupt') {
      yield { kind: 'emit', chunk: got.chunk };
      return 'interrupted';
    }
    // A second latency behind this one counts from here.
    yield { kind: 'emit', chunk: { data: got.chunk.data, since: got.chunk.since + ms } };
  }
}

function* bandwidth({ rate }: Attributes<'bandwidth'>): Pipe {
  const most = rate * BANDWIDTH_TICK_MS;
  // Timers are late: what was waited too long for one chunk is waited less for the next.
  let owed = 0;
  for (;;) {
    let got = yield { kind: 'take' };
    if (got.kind !== 'chunk') return got.kind === 'end' ? 'closed' : 'interrupted';
    let { chunk } = got;
    owed += rate === 0 ? Number.POSITIVE_INFINITY : chunk.data.length / rate;
    while (rate > 0 && chunk.data.length > most) {
      got = yield { kind: 'wait', ms: BANDWIDTH_TICK_MS };
      if (got.kind === 'interrupt') break;
      got = yield { kind: 'emit', chunk: part(chunk, 0, most) };
      chunk = part(chunk, most, chunk.data.length);
      owed -= BANDWIDTH_TICK_MS;
    }
    const began = got.now;
    if (got.kind !== 'interrupt') got = yield { kind: 'wait', ms: owed };
    yield { kind: 'emit', chunk };
    if (got.kind === 'interrupt') return 'interrupted';
    owed -= got.now - began;
  }
}

function* slowClose({ delay }: Attributes<'slow_close'>): Pipe {
  for (;;) {
    const got = yield { kind: 'take' };
    if (got.kind === 'interrupt') return 'interrupted';
    if (got.kind === 'end') {
      const waited = yield { kind: 'wait', ms: delay };
      return waited.kind === 'interrupt' ? 'interrupted' : 'closed';
    }
    if (got.kind === 'chunk') yield { kind: 'emit', chunk: got.chunk };
  }
}

function* timeout({ timeout: ms }: Attributes<'timeout'>): Pipe {
  for (;;) {
    const got = yield ms > 0 ? { kind: 'take', within: ms } : { kind: 'take' };
    if (got.kind === 'interrupt') return 'interrupted';
    if (got.kind !== 'chunk') return 'closed';
  }
}

function* resetPeer({ timeout: ms }: Attributes<'reset_peer'>): Pipe {
  const got = yield { kind: 'take' };
  if (got.kind === 'interrupt') return 'interrupted';
  yield { kind: 'wait', ms, stubborn: true };
  return 'closed';
}

function* slicer(attributes: Attributes<'slicer'>, random: () => number): Pipe {
  for (;;) {
    const got = yield { kind: 'take' };
    if (got.kind !== 'chunk') return got.kind === 'end' ? 'closed' : 'interrupted';
    const { chunk } = got;
    const ends = slices(0, chunk.data.length, attributes, random);
    let start = 0;
    for (const end of ends) {
      yield { kind: 'emit', chunk: part(chunk, start, end) };
      start = end;
      const waited = yield { kind: 'wait', ms: attributes.delay / 1000 };
      if (waited.kind === 'interrupt') {
        yield { kind: 'emit', chunk: part(chunk, start, chunk.data.length) };
        return 'interrupted';
      }
    }
  }
}

/** Where the slices of the bytes from `start` to `end` end: halves of halves, each moved at random. */
export function slices(start: number, end: number, attributes: Attributes<'slicer'>, random: () => number): number[] {
  const { average_size: size, size_variation: variation } = attributes;
  if (end - start - size <= variation) return [end];
  const moved = variation > 0 ? Math.floor(random() * 2 * variation) - variation : 0;
  const middle = start + Math.floor((end - start) / 2) + moved;
  return [...slices(start, middle, attributes, random), ...slices(middle, end, attributes, random)];
}

function* limitData({ bytes }: Attributes<'limit_data'>, memory: PipeMemory): Pipe {
  for (;;) {
    const got = yield { kind: 'take' };
    if (got.kind !== 'chunk') return got.kind === 'end' ? 'closed' : 'interrupted';
    const chunk = part(got.chunk, 0, Math.max(0, bytes - memory.passed));
    memory.passed += chunk.data.length;
    if (chunk.data.length > 0) yield { kind: 'emit', chunk };
    if (memory.passed >= bytes) return 'closed';
  }
}

function part({ data, since }: Chunk, start: number, end: number): Chunk {
  return { data: data.subarray(start, end), since };
}
