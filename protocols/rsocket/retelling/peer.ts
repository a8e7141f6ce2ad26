import { bodyLength, type Frame } from '../../common/frame.ts';
import type { Deed, StepInWords, Telling } from '../../common/retelling.ts';
import { BEFORE } from '../../common/retelling.ts';
import type { ClosedEvent, DeliveredEvent, OpenedEvent, SentEvent } from '../../common/trace.ts';
import { toTagged } from '../../common/value.ts';
import { errorName } from '../error-codes.ts';
import { FLAG, has, isTracked, type KeepaliveFrame, type RSocketFrame } from '../frame.ts';
import { DEFAULT_TIMERS } from '../timers.ts';
import { readValue } from '../value.ts';
import type { Streams } from './streams.ts';
import { sendWords } from './words.ts';

/** What the peer of the end under test is made to do, frame by frame. */
export interface PeerTeller {
  opened(event: OpenedEvent): void;
  sent(event: SentEvent<RSocketFrame>): void;
  delivered?(event: DeliveredEvent<RSocketFrame>): void;
  closed(event: ClosedEvent): void;
  /** The trace is over. */
  finish(): void;
}

interface Line {
  readonly n: number;
  /** The first frame that the peer sent. */
  first: RSocketFrame | undefined;
  /** When the peer last asked by KEEPALIVE whether the other end lives, ms. */
  asked: number | undefined;
  /** Ms between two KEEPALIVEs, as the SETUP says. */
  interval: number;
  /** Whether it ended by a refusal that ends it anyway. */
  refused: boolean;
}

/** Whether a peer sends that KEEPALIVE by itself: an answer, or a question in its time. Remembers when it asked. */
function isNatural(frame: KeepaliveFrame, t: number, line: Line): boolean {
  if (frame.streamId !== 0 || frame.reserved.length > 0) return false;
  if (!has(frame, FLAG.RESPOND)) return true;
  const early = line.asked !== undefined && t - line.asked < PACE * line.interval;
  if (!early) line.asked = t;
  return !early && frame.data.length === 0;
}

/** Share of the time between two KEEPALIVEs before which none is due. */
const PACE = 0.6;

function newLine(n: number): Line {
  return { n, first: undefined, asked: undefined, interval: DEFAULT_TIMERS.keepaliveMs, refused: false };
}

/** Tells what a server sent a client under test. Its handlers do not run: the script answers. */
export function serverTeller(streams: Streams, { timeScale }: Telling, add: (deed: Deed) => void): PeerTeller {
  const lines = new Map<number, Line>();
  const peer = (n: number, command: StepInWords): void => add({ n, by: 'peer', step: { peer: command } });
  const numbers = new Map<number, number>();
  return {
    opened({ n, connection }) {
      numbers.set(connection, numbers.size);
      lines.set(connection, newLine(n));
    },
    sent({ n, t, connection, frame: message, decoded }) {
      const line = lines.get(connection);
      if (line === undefined) return;
      const ping = pingWords(message);
      if (ping !== undefined) peer(n, { ...(numbers.size > 1 ? { on: numbers.get(connection) ?? 0 } : {}), ...ping });
      if (message.class !== 'data') return;
      const frame = decoded?.ok ? decoded.message : undefined;
      const isFirst = line.first === undefined;
      line.first ??= frame;
      if (frame?.type === 'ERROR' && frame.streamId === 0 && isFirst) {
        const refuse = { refuse: errorName(frame.code), text: String(readValue(frame.data)) };
        const code = errorName(frame.code);
        line.refused = true;
        if (code === 'REJECTED_RESUME') peer(line.n - BEFORE, { resume: refuse });
        else peer(line.n - BEFORE, { setup: { reply: refuse, times: 1 } });
        return;
      }
      const on = numbers.size > 1 ? { on: numbers.get(connection) ?? 0 } : {};
      if (frame === undefined) peer(n, { ...on, 'send-raw': rawWords(message) });
      // These a conforming server sends by itself.
      else if (frame.type === 'RESUME_OK' || (frame.type === 'KEEPALIVE' && isNatural(frame, t, line))) return;
      else if (frame.type === 'LEASE' && isFirst) return;
      else if (frame.type === 'LEASE') peer(n, { ...on, lease: { requests: frame.requests, ttl: Math.round(frame.ttlMs / timeScale) } });
      else {
        const stream = streams.find(connection, frame.streamId);
        const name = stream !== undefined && (stream.opener === 'client' || stream.inTurn) ? stream.name : undefined;
        const words = sendWords(frame, message, name);
        peer(n, { ...on, ...(words === undefined ? { 'send-raw': rawWords(message) } : { send: words }) });
      }
    },
    closed({ n, connection, by, how }) {
      const line = lines.get(connection);
      if (by !== 'server' || line === undefined || line.refused) return;
      const on = numbers.size > 1 ? { on: numbers.get(connection) ?? 0 } : {};
      peer(n, how === 'rst' ? { ...on, abort: true } : { ...on, close: true });
    },
    finish() {
      const procedures = streams.all.flatMap(({ opener, procedure }) =>
        opener === 'client' && procedure !== undefined ? [procedure] : [],
      );
      if (procedures.length > 0) peer(-1, { manual: [...new Set(procedures)] });
    },
  };
}

/** Tells what clients sent a server under test: each connection is opened by hand, each frame said. */
export function clientTeller(streams: Streams, add: (deed: Deed) => void): PeerTeller {
  const lines = new Map<number, Line>();
  const sessions = new Set<number>();
  const tokens = new Map<number, unknown>();
  /** Bytes of tracked frames that came from each end, by session. */
  const bytes = new Map<number, { readonly client: number; readonly server: number }>();
  const peer = (n: number, session: number, command: StepInWords): void => {
    const handle = streams.handle(session);
    add({ n, by: 'peer', step: { peer: { ...(handle === 'main' ? {} : { on: handle }), ...command } } });
  };
  return {
    opened({ n, connection }) {
      const session = streams.session(connection);
      lines.set(connection, newLine(n));
      // A session that lost its connection is taken up by hand, too.
      if (sessions.has(session)) peer(n - BEFORE, session, { reconnect: 'off' });
      sessions.add(session);
      peer(n - BEFORE, session, { connect: 'raw' });
    },
    sent({ n, t, connection, frame: message, decoded }) {
      const line = lines.get(connection);
      if (line === undefined) return;
      const ping = pingWords(message);
      if (ping !== undefined) peer(n, streams.session(connection), ping);
      if (message.class !== 'data') return;
      const frame = decoded?.ok ? decoded.message : undefined;
      const session = streams.session(connection);
      const isFirst = line.first === undefined;
      line.first ??= frame;
      const stream = frame === undefined ? undefined : streams.find(connection, frame.streamId);
      const named = stream?.opener === 'client' ? stream.inTurn : stream?.invoked;
      const name = named === true ? stream?.name : undefined;
      const words = frame === undefined ? undefined : sendWords(frame, message, name);
      if (frame === undefined || words === undefined) {
        peer(n, session, { 'send-raw': rawWords(message) });
        return;
      }
      const { frame: _frame, ...rest } = words;
      if (isFirst && frame.type === 'SETUP') {
        line.interval = frame.keepaliveMs;
        if (frame.token !== undefined) tokens.set(session, toTagged(readValue(frame.token)));
        peer(n, session, { setup: rest });
      } else if (isFirst && frame.type === 'RESUME') {
        // Positions that may be are those of the run, the token is that of its session.
        const { 'server-position': received, 'client-position': kept, token, ...more } = rest;
        const { client = 0, server = 0 } = bytes.get(session) ?? {};
        const positions = {
          ...(received === server ? {} : { 'server-position': received }),
          ...(Number(kept) <= client ? {} : { 'client-position': kept }),
        };
        peer(n, session, { resume: { ...more, ...positions, ...(tokens.get(session) === undefined ? { token } : {}) } });
      } else if (frame.type === 'KEEPALIVE' && line.first?.type !== 'KEEPALIVE' && isNatural(frame, t, line)) return;
      else peer(n, session, { send: words });
    },
    delivered({ connection, to, frame: message, decoded }) {
      const session = streams.session(connection);
      if (message.class !== 'data' || !decoded?.ok || !isTracked(decoded.message)) return;
      const from = to === 'client' ? 'server' : 'client';
      const counted = bytes.get(session) ?? { client: 0, server: 0 };
      bytes.set(session, { ...counted, [from]: counted[from] + bodyLength(message) });
    },
    closed({ n, connection, by, how }) {
      if (by === 'client') peer(n, streams.session(connection), how === 'rst' ? { abort: true } : { close: true });
    },
    finish() {
      for (const session of sessions) {
        const procedures = streams.all.flatMap(({ opener, procedure }) =>
          opener === 'server' && procedure !== undefined ? [procedure] : [],
        );
        const first = [...lines].find(([connection]) => streams.session(connection) === session)?.[1].n ?? 0;
        if (procedures.length > 0) peer(first - BEFORE, session, { manual: [...new Set(procedures)] });
      }
    },
  };
}

/** A ping of the carrier in words, where what it holds is a text; undefined for all else. */
function pingWords(frame: Frame): StepInWords | undefined {
  if (frame.class !== 'upkeep' || frame.kind !== 'ping') return undefined;
  const ping = Buffer.from(frame.data).toString('utf8');
  return Buffer.from(ping).equals(frame.data) ? { ping } : undefined;
}

function rawWords({ text, data }: { readonly text: boolean; readonly data: Uint8Array }): StepInWords {
  const bytes = Buffer.from(data);
  return text ? { text: bytes.toString('utf8') } : { hex: bytes.toString('hex') };
}
