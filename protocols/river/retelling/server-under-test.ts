import { BEFORE } from '../../common/retelling.ts';
import { isPlainObject, sameValue, toTagged } from '../../common/value.ts';
import { CANCEL, CLOSED, OPEN, PROTOCOL_VERSION } from '../message.ts';
import { isCloseControl, isHandshakeRequest } from '../validate.ts';
import type { Books } from './books.ts';
import { closeWords, isOver } from './client-under-test.ts';
import { enter, flagWords, odditiesOf, sendWords } from './envelope.ts';
import { invokeStep, metadataIn } from './invocations.ts';
import { rawWords } from './loose.ts';
import { type Desk, type Line, type Reading, sessionOf, type Teller } from './teller.ts';

/** How soon a client answers a heartbeat, nominal ms. */
const ECHO_MS = 300;

/** How soon a client that means to come back has dialled, nominal ms. */
const RETURN_MS = 1500;

/** A client as the trace has shown it so far. */
interface Party {
  readonly handle: string;
  readonly metadata: unknown[];
  /** The session that it keeps, and what it would say of it. */
  session: string | undefined;
  /** Its latest connection, and the one before. */
  line: Line | undefined;
  previous: Line | undefined;
  /** A connection that was opened by hand, on which no handshake has been. */
  dialled: boolean;
  heartbeats: boolean;
  watchdog: boolean;
  reconnects: boolean;
  /** Heartbeats of the server that wait for their echo. */
  readonly unanswered: { readonly n: number; readonly t: number }[];
}

/** Tells a trace in which the server is under test: what applications did with their clients, and what clients are made to do. */
export function serverUnderTest(desk: Desk): Teller {
  const { telling, names } = desk;
  const nominal = (ms: number): number => ms * telling.timeScale;
  const parties = new Map<string, Party>();
  const owners = new Map<Line, Party>();
  /** Calls that applications made, by stream. */
  const calls = new Map<string, 'open' | 'finished'>();
  const firsts: { readonly id: string; readonly line: Line; byHand: boolean }[] = [];
  const spoken = new Map<Line, Set<unknown>>();
  const strangers: Line[] = [];
  let lastLost: { readonly n: number; readonly t: number; readonly party: Party } | undefined;

  const onOf = (party: Party): Record<string, unknown> => (party.handle === 'main' ? {} : { on: party.handle });
  const command = (n: number, party: Party, words: Record<string, unknown>): void =>
    desk.add(n, 'peer', { peer: { ...onOf(party), ...words } });
  const booksOf = (line: Line): Books => desk.books(line.client ?? '', sessionOf(line));
  const letterOf = (line: Line, t: number) => ({ self: line.client ?? '', peer: line.server ?? 'SERVER', t });

  const partyOf = (id: string): Party => {
    const found: Party = parties.get(id) ?? {
      ...{ handle: names.client(id), metadata: [], session: undefined, line: undefined, previous: undefined, dialled: false },
      ...{ heartbeats: true, watchdog: true, reconnects: true, unanswered: [] },
    };
    parties.set(id, found);
    return found;
  };

  /** What a party does on a connection before it has asked to be let in: it is dialled by hand. */
  const dial = (n: number, party: Party): void => {
    if (party.dialled) return;
    command(n, party, { connect: 'raw' });
    party.dialled = true;
  };

  const comeBack = (party: Party, line: Line): void => {
    if (party.reconnects) return;
    party.reconnects = true;
    command(line.n - BEFORE, party, { reconnect: 'on' });
  };

  const request = (reading: Reading, line: Line): void => {
    const { message, loose, n } = reading;
    const id = message?.from ?? (typeof loose?.['from'] === 'string' ? loose['from'] : '');
    const isNew = !parties.has(id);
    const party = partyOf(id);
    const before = party.line;
    const books = booksOf(line);
    const payload = loose?.['payload'];
    const natural = loose !== undefined && isNatural(loose, payload, party, books, line, before);
    const found = metadataIn(payload);
    if (isNew) firsts.push({ id, line, byHand: !natural });
    const waits = strangers.includes(line);
    if (natural && !waits) {
      if (found !== undefined) party.metadata.push(found[0]);
      comeBack(party, line);
    } else {
      party.dialled = waits ? party.dialled : false;
      dial(line.n - BEFORE, party);
      if (natural && found !== undefined) party.metadata.push(found[0]);
      command(n, party, { handshake: natural ? {} : handshakeWords(loose, payload, party, books, letterOf(line, 0)) });
    }
    party.dialled = false;
    party.previous = before;
    party.unanswered.length = 0;
    party.line = line;
    owners.set(line, party);
    if (isHandshakeRequest(payload)) party.session = payload.sessionId;
  };

  /** Whether a client would have asked like that by itself. */
  const isNatural = (
    loose: Readonly<Record<string, unknown>>,
    payload: unknown,
    party: Party,
    books: Books,
    line: Line,
    before: Line | undefined,
  ): boolean => {
    if (!isHandshakeRequest(payload) || payload.protocolVersion !== PROTOCOL_VERSION) return false;
    if (before !== undefined && !before.closed) return false;
    if (Object.keys(payload).some((key) => !REQUEST_KEYS.has(key))) return false;
    if (!isPlain(loose, line)) return false;
    const { nextExpectedSeq, nextSentSeq } = payload.expectedSessionState;
    if (party.session !== payload.sessionId) {
      // A new session takes the place of one that died.
      const died = party.session === undefined || before === undefined || !before.established || before.offended;
      return nextExpectedSeq === 0 && nextSentSeq === 0 && died;
    }
    return nextExpectedSeq === books.ack && nextSentSeq >= books.acknowledged && nextSentSeq <= books.seq;
  };

  const isPlain = (loose: Readonly<Record<string, unknown>>, line: Line): boolean =>
    Object.keys(odditiesOf(loose, { ...booksOf(line), seq: 0, ack: 0, last: undefined }, letterOf(line, 0))).length === 0 &&
    loose['controlFlags'] === 0;

  const speak = (reading: Reading, line: Line): void => {
    const { loose, frame, n, t, kind, message } = reading;
    const party = owners.get(line);
    if (party === undefined) {
      strangers.push(line);
      const id = typeof loose?.['from'] === 'string' && line.request === undefined ? loose['from'] : '';
      const unknown = partyOf(parties.has(id) || parties.size === 0 ? id : ([...parties.keys()][0] ?? id));
      if (!firsts.some((each) => partyOf(each.id) === unknown)) firsts.push({ id, line, byHand: true });
      dial(line.n - BEFORE, unknown);
      unknown.line = line;
      command(
        n,
        unknown,
        loose === undefined
          ? { 'send-raw': rawWords(frame) }
          : { send: sendWords(loose, booksOf(line), { self: id, peer: 'SERVER', t }, names) },
      );
      return;
    }
    const books = booksOf(line);
    if (loose === undefined) {
      command(n, party, { 'send-raw': rawWords(frame) });
      return;
    }
    const ids = spoken.get(line) ?? new Set();
    spoken.set(line, ids);
    const again = typeof loose['id'] === 'string' && books.said.has(loose['id']) && !ids.has(loose['id']);
    ids.add(loose['id']);
    // A resume says again what was not acknowledged: a client does that by itself.
    if (again) return;
    const odd = odditiesOf(loose, books, letterOf(line, t));
    const natural = Object.keys(odd).length === 0 && party.line === line && line.established;
    if (natural && message !== undefined && byItself(reading, party, books)) {
      enter(loose, books, true);
      return;
    }
    if (natural && message !== undefined && kind !== 'rehandshake-response') {
      const step = applicationStep(reading, line);
      if (step !== undefined) {
        desk.add(n, 'application', step);
        enter(loose, books, true);
        return;
      }
    }
    if (
      kind === 'open' &&
      names.stream(message?.streamId ?? '') === undefined &&
      natural &&
      message !== undefined &&
      typeof message.serviceName === 'string' &&
      typeof message.procedureName === 'string'
    ) {
      const { serviceName, procedureName, controlFlags, streamId, payload } = message;
      const stream = names.name(streamId, procedureName);
      const flags = controlFlags === OPEN ? {} : { flags: flagWords(controlFlags) };
      command(n, party, { open: { stream, procedure: `${serviceName}.${procedureName}`, init: toTagged(payload), ...flags } });
      enter(loose, books, true);
      return;
    }
    const words = sendWords(loose, books, letterOf(line, t), names);
    const elsewhere = party.line !== line && party.previous === line ? { connection: 'previous' } : {};
    if (party.line !== line && party.previous !== line)
      desk.unsaid.add('what a client said on a connection before its last is said on the last');
    command(n, party, { send: { ...words, ...elsewhere } });
  };

  /** What a conforming client says without being asked. */
  const byItself = ({ kind, message, n, t }: Reading, party: Party, books: Books): boolean => {
    if (kind === 'heartbeat' && message?.controlFlags === 1) {
      if (party.unanswered.shift() !== undefined && party.heartbeats) return true;
      command(n, party, { heartbeat: {} });
      return true;
    }
    if (kind !== 'rehandshake-response') return false;
    const payload = message?.payload;
    const found = metadataIn(payload);
    desk.needs.add('rehandshake');
    if (found !== undefined && isPlainObject(payload) && payload['type'] === 'REHANDSHAKE_RESP' && message?.controlFlags === 0) {
      party.metadata.push(found[0]);
      return true;
    }
    const last = books.taken.at(-1)?.t ?? t;
    desk.add(n - BEFORE, 'peer', { peer: { ...onOf(party), rehandshake: { payload: toTagged(payload) } } });
    return last <= t;
  };

  /** The application's step that makes a client send the message; undefined where an application cannot. */
  const applicationStep = (reading: Reading, line: Line): Readonly<Record<string, unknown>> | undefined => {
    const { kind, message } = reading;
    if (message === undefined) return undefined;
    const { streamId, controlFlags, payload } = message;
    const facts = desk.streams.get(streamId);
    if (facts === undefined) return undefined;
    if (kind === 'open') {
      const closes = facts.kind === 'rpc' || facts.kind === 'subscription';
      // As the reference client opens them; the other form of a subscription is said by hand.
      const usual = closes ? OPEN | CLOSED : OPEN;
      if (calls.has(streamId) || controlFlags !== usual || facts.procedure.startsWith('.')) return undefined;
      calls.set(streamId, 'open');
      return invokeStep(desk, reading, line);
    }
    if (message.serviceName !== undefined || message.procedureName !== undefined) return undefined;
    const call = names.stream(streamId);
    if (call === undefined || !calls.has(streamId)) return undefined;
    const many = facts.kind === 'stream' || facts.kind === 'upload';
    const open = calls.get(streamId) === 'open';
    if (kind === 'data' && many && open && controlFlags === 0) return { send: { to: call, request: toTagged(payload) } };
    if (kind === 'close' && many && open && controlFlags === CLOSED && isCloseControl(payload) && sameValue(payload, { type: 'CLOSE' })) {
      calls.set(streamId, 'finished');
      return { finish: call };
    }
    if (kind === 'cancel' && controlFlags === CANCEL && isOwnCancel(payload)) {
      calls.delete(streamId);
      return { cancel: call };
    }
    return undefined;
  };

  /** What the silence of a party says, when something else happens at `t` ms. */
  const noteSilence = (party: Party, line: Line, n: number, t: number): void => {
    const [oldest] = party.unanswered;
    if (oldest !== undefined && party.heartbeats && t - oldest.t > nominal(ECHO_MS)) {
      command(oldest.n - BEFORE, party, { heartbeats: 'off' });
      party.heartbeats = false;
    }
    const { heartbeatIntervalMs = Number.POSITIVE_INFINITY, heartbeatsUntilDead = 2 } = telling.timers;
    if (party.watchdog && line.established && !line.closed && t - line.heard >= (heartbeatsUntilDead + 1.4) * heartbeatIntervalMs) {
      command(Math.min(n, line.since?.n ?? n), party, { watchdog: 'off' });
      party.watchdog = false;
    }
  };

  return {
    opened({ t }, line) {
      if (lastLost !== undefined && t - lastLost.t > nominal(RETURN_MS) && lastLost.party.reconnects) {
        command(lastLost.n - BEFORE, lastLost.party, { reconnect: 'off' });
        lastLost.party.reconnects = false;
      }
      void line;
    },
    tested({ kind, message, n, t }, line) {
      if (message !== undefined && isOver(kind, message, desk)) calls.delete(message.streamId);
      const party = owners.get(line);
      if (party === undefined) return;
      noteSilence(party, line, n, t);
      if (kind === 'heartbeat' && message !== undefined && party.line === line) party.unanswered.push({ n, t });
    },
    peer(reading, line) {
      const party = owners.get(line);
      if (party !== undefined) noteSilence(party, line, reading.n, reading.t);
      if (line.request === reading) request(reading, line);
      else speak(reading, line);
    },
    closed({ n, t, by, how }, line, code) {
      const party = owners.get(line) ?? (strangers.includes(line) ? [...parties.values()].find((each) => each.line === line) : undefined);
      if (party === undefined) return;
      noteSilence(party, line, n, t);
      party.unanswered.length = 0;
      if (party.line === line) lastLost = { n, t, party };
      if (by !== 'client' || party.line !== line || line.offended) return;
      const { heartbeatIntervalMs = Number.POSITIVE_INFINITY, heartbeatsUntilDead = 2 } = telling.timers;
      if (line.established && t - line.heard >= heartbeatsUntilDead * heartbeatIntervalMs) return;
      if (line.response !== undefined && !line.established) return;
      command(n, party, how === 'close' ? { close: closeWords(code) } : { abort: true });
    },
    finish(t) {
      for (const [line, party] of owners) if (!line.closed) noteSilence(party, line, Number.POSITIVE_INFINITY, t);
      if (lastLost !== undefined && t - lastLost.t > nominal(RETURN_MS) && lastLost.party.reconnects) {
        const { n, party } = lastLost;
        if (party.line?.closed === true) command(n - BEFORE, party, { reconnect: 'off' });
      }
      if (firsts.length > 1) desk.needs.add('multiple-clients');
      for (const { id, line, byHand } of firsts) {
        const party = partyOf(id);
        const as = party.handle;
        if (party.metadata.length > 0) desk.needs.add('metadata');
        const metadata = party.metadata.length === 0 ? {} : { metadata: party.metadata };
        const { self } = letterOf(line, 0);
        const usual = as === 'main' && party.metadata.length === 0 && !byHand;
        const invoked = desk.deeds.some(({ step }) => isPlainObject(step['invoke']) && (step['invoke']['on'] ?? 'main') === as);
        if (usual && invoked && self !== '') continue;
        // What is done by hand must come after the client exists.
        desk.deeds.unshift({
          n: byHand ? -1 : line.n - BEFORE,
          by: 'application',
          step: { connect: { as, ...metadata, ...(byHand ? { eager: false } : {}) } },
        });
      }
    },
  };
}

const REQUEST_KEYS: ReadonlySet<string> = new Set(['type', 'protocolVersion', 'sessionId', 'expectedSessionState', 'metadata']);

/** The arguments of `handshake` that make a client ask like that. */
function handshakeWords(
  loose: Readonly<Record<string, unknown>> | undefined,
  payload: unknown,
  party: Party,
  books: Books,
  letter: Parameters<typeof odditiesOf>[2],
): Record<string, unknown> {
  const words: Record<string, unknown> = {};
  const odd = loose === undefined ? {} : odditiesOf(loose, { ...books, seq: 0, ack: 0, last: undefined }, letter);
  const envelope: Record<string, unknown> = { ...odd.envelope };
  for (const key of ['from', 'to'] as const) if (odd[key] !== undefined) envelope[key] = odd[key];
  for (const key of ['seq', 'ack', 'controlFlags'])
    if (loose !== undefined && Object.hasOwn(loose, key) && loose[key] !== 0) envelope[key] = toTagged(loose[key]);
  if (Object.keys(envelope).length > 0) words['envelope'] = envelope;
  if (!isPlainObject(payload) || !isHandshakeRequest(payload) || Object.keys(payload).some((key) => !REQUEST_KEYS.has(key)))
    return { ...words, payload: toTagged(payload) };
  if (payload.protocolVersion !== PROTOCOL_VERSION) words['version'] = payload.protocolVersion;
  if (party.session !== undefined && payload.sessionId !== party.session) words['session'] = 'new';
  const { nextExpectedSeq, nextSentSeq } = payload.expectedSessionState;
  const known = party.session === payload.sessionId ? books : { ack: 0, acknowledged: 0, seq: 0 };
  if (nextExpectedSeq !== known.ack) words['next-expected-seq'] = around(nextExpectedSeq - known.ack);
  if (nextSentSeq < known.acknowledged || nextSentSeq > known.seq) words['next-sent-seq'] = around(nextSentSeq - known.acknowledged);
  const metadata = metadataIn(payload);
  if (metadata !== undefined) words['metadata'] = metadata[0];
  return words;
}

function around(distance: number): string {
  return `true${distance < 0 ? '' : '+'}${distance}`;
}

function isOwnCancel(payload: unknown): boolean {
  return isPlainObject(payload) && payload['ok'] === false && isPlainObject(payload['payload']) && payload['payload']['code'] === 'CANCEL';
}
