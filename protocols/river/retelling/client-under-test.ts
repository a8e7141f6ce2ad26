import type { Deed } from '../../common/retelling.ts';
import { BEFORE } from '../../common/retelling.ts';
import { isPlainObject, sameValue, toTagged } from '../../common/value.ts';
import { CLOSED, PROTOCOL_VERSION, type RiverMessage } from '../message.ts';
import { isHandshakeRequest, isHandshakeResponse } from '../validate.ts';
import type { Books } from './books.ts';
import { enter, odditiesOf, sendWords } from './envelope.ts';
import { invokeStep, metadataIn } from './invocations.ts';
import { rawWords } from './loose.ts';
import { type Desk, type Line, type Reading, sessionOf, type Teller } from './teller.ts';

/** How long an answer may take before it was held back, nominal ms. */
const PROMPT_MS = 300;

/** What the client under test has said in a session: messages by id and by number. */
interface Said {
  readonly ids: Set<string>;
  readonly payloads: Map<number, unknown>;
}

/** Tells a trace in which the client is under test: what its application did, and what the server is made to do. */
export function clientUnderTest(desk: Desk): Teller {
  const { telling, names } = desk;
  const nominal = (ms: number): number => ms * telling.timeScale;
  const manual = new Set<string>();
  const said = new Map<string, Said>();
  const metadata = new Map<string, unknown[]>();
  const callers = new Set<string>();
  const firsts = new Map<string, number>();
  const lines: Line[] = [];
  /** Streams of calls that are over for their applications. */
  const over = new Set<string>();
  /** When the server was heard last, by connection. */
  const spokenAt = new Map<Line, number>();
  const leaving: { readonly n: number; readonly t: number; readonly line: Line }[] = [];
  const beats = new Map<Line, { n: number; t: number }>();
  /** Where the next handshake's answer can be arranged. */
  let arrangedAt = -1;
  let beating = true;
  let watching = true;

  const arrange = (reply: unknown): void => desk.add(arrangedAt, 'peer', { peer: { handshake: { reply, times: 1 } } });
  const booksOf = (line: Line): Books => desk.books(line.client ?? '', sessionOf(line));
  const letterOf = (line: Line, t: number) => ({ self: line.server ?? 'SERVER', peer: line.client ?? '', t });

  /** A silence of the server's that its own heartbeats would have broken. */
  const noteSilence = (line: Line, t: number): void => {
    const beat = beats.get(line);
    const interval = telling.timers['heartbeatIntervalMs'] ?? Number.POSITIVE_INFINITY;
    if (beat === undefined || !beating || t - beat.t < 1.6 * interval) return;
    desk.add(beat.n, 'peer', { peer: { heartbeats: 'off' } });
    beating = false;
  };
  /** A silence of the client's that a server watches out for. */
  const notePatience = (line: Line, t: number): void => {
    const { heartbeatIntervalMs = Number.POSITIVE_INFINITY, heartbeatsUntilDead = 2 } = telling.timers;
    if (!watching || !line.established || t - line.heard < (heartbeatsUntilDead + 1.4) * heartbeatIntervalMs) return;
    desk.add(-1, 'peer', { peer: { watchdog: 'off' } });
    watching = false;
  };

  const answer = (reading: Reading, line: Line): void => {
    const { request } = line;
    if (request === undefined) return;
    if (reading.t - request.t > nominal(PROMPT_MS)) {
      arrange('hold');
      desk.add(reading.n, 'peer', { peer: { 'release-handshake': true } });
    }
    const reply = replyOf(reading, request, line);
    if (reply !== undefined) arrange(reply);
    arrangedAt = reading.n;
    if (line.established) beats.set(line, { n: reading.n, t: reading.t });
  };
  const replyOf = ({ loose, frame }: Reading, request: Reading, line: Line): unknown => {
    if (loose === undefined) return { raw: rawWords(frame) };
    const { payload } = loose;
    const asked = request.message?.payload;
    const { seq, ack, controlFlags, ...rest } = loose;
    const odd = odditiesOf(
      { ...rest, seq: 0, ack: 0, controlFlags: 0 },
      { ...booksOf(line), seq: 0, ack: 0, last: undefined },
      letterOf(line, 0),
    );
    const numbers = { seq, ack, controlFlags };
    const envelope = {
      ...odd.envelope,
      ...(loose['from'] === request.message?.to || typeof loose['from'] !== 'string' ? {} : { from: loose['from'] }),
      ...(odd.to === undefined ? {} : { to: odd.to }),
      ...Object.fromEntries(
        Object.entries(numbers).flatMap(([key, value]) =>
          value === 0 ? [] : [[key, value === undefined ? { $undefined: true } : toTagged(value)]],
        ),
      ),
    };
    if (!Object.hasOwn(loose, 'payload')) return { envelope: { ...envelope, payload: { $undefined: true } } };
    if (Object.keys(envelope).length > 0) return { envelope };
    if (!isHandshakeResponse(payload)) return { payload: toTagged(payload) };
    const { status } = payload;
    if (status.ok) return isPlainObject(asked) && status.sessionId === asked['sessionId'] ? undefined : { session: status.sessionId };
    // What a conforming server refuses by itself needs no arranging, and would not be right for a request that is as it should be.
    if (!isHandshakeRequest(asked) || asked.protocolVersion !== PROTOCOL_VERSION) return undefined;
    if (asked.expectedSessionState.nextSentSeq > booksOf(line).ack) return undefined;
    return { refuse: { code: status.code, reason: status.reason } };
  };

  /** What the server says of itself in a session. */
  const say = (reading: Reading, line: Line): void => {
    const books = booksOf(line);
    const { message, loose, kind, frame, n, t } = reading;
    if (loose === undefined) {
      line.provoked = true;
      desk.add(n, 'peer', { peer: { 'send-raw': rawWords(frame) } });
      return;
    }
    const letter = letterOf(line, t);
    // A resume says again what was not acknowledged: a server does that by itself.
    const again = typeof loose['id'] === 'string' && books.said.has(loose['id']) && !saidOn(line, loose['id']);
    onLine(line, loose['id']);
    if (again) return;
    const odd = odditiesOf(loose, books, letter);
    const natural = Object.keys(odd).length === 0;
    if (!natural || message === undefined) line.provoked = true;
    if (message !== undefined && isOver(kind, message, desk)) over.add(message.streamId);
    if (kind === 'heartbeat' && natural && message?.controlFlags === 1) {
      const beat = beats.get(line);
      noteSilence(line, t);
      const interval = telling.timers['heartbeatIntervalMs'] ?? 0;
      if (!beating || (beat !== undefined && t - beat.t < 0.6 * interval)) desk.add(n, 'peer', { peer: { heartbeat: {} } });
      beats.set(line, { n, t });
      enter(loose, books, true);
      return;
    }
    if (kind === 'rehandshake-request' && natural) {
      desk.add(n, 'peer', { peer: { rehandshake: true } });
      enter(loose, books, true);
      return;
    }
    const facts = message === undefined ? undefined : desk.streams.get(message.streamId);
    if (facts !== undefined) manual.add(facts.procedure);
    desk.add(n, 'peer', { peer: { send: sendWords(loose, books, letter, names) } });
  };
  const spoken = new Map<Line, Set<unknown>>();
  const onLine = (line: Line, id: unknown): void => {
    const ids = spoken.get(line) ?? new Set();
    ids.add(id);
    spoken.set(line, ids);
  };
  const saidOn = (line: Line, id: unknown): boolean => spoken.get(line)?.has(id) ?? false;

  /** Whether the client has sent a message before, on another connection. */
  const isAgain = ({ message }: Reading, line: Line): boolean => {
    if (message === undefined) return false;
    const key = JSON.stringify([line.client, sessionOf(line)]);
    const before = said.get(key) ?? { ids: new Set(), payloads: new Map() };
    said.set(key, before);
    const again =
      before.ids.has(message.id) || (before.payloads.has(message.seq) && sameValue(before.payloads.get(message.seq), message.payload));
    before.ids.add(message.id);
    before.payloads.set(message.seq, message.payload);
    return again;
  };

  /** What the application asked the client for. */
  const asked = (reading: Reading, line: Line): void => {
    const { message, kind, n } = reading;
    if (message === undefined || isAgain(reading, line)) return;
    const facts = desk.streams.get(message.streamId);
    if (facts === undefined) return;
    const call = names.stream(message.streamId);
    const many = facts.kind === 'stream' || facts.kind === 'upload';
    if (kind === 'open' && (call === undefined || !callers.has(message.streamId))) {
      callers.add(message.streamId);
      manual.add(facts.procedure);
      const step = invokeStep(desk, reading, line);
      if (step !== undefined) desk.add(n, 'application', step);
      return;
    }
    if (call === undefined) return;
    if (kind === 'data' && many) desk.add(n, 'application', { send: { to: call, request: toTagged(message.payload) } });
    if (kind === 'close' && many) desk.add(n, 'application', { finish: call });
    // Of a call that is over for its application it can abandon nothing.
    if (kind === 'cancel' && !over.has(message.streamId)) {
      over.add(message.streamId);
      desk.needs.add('cancel');
      desk.add(n, 'application', { cancel: call });
    }
  };

  return {
    opened(_event, line) {
      lines.push(line);
    },
    tested(reading, line) {
      const { kind, message } = reading;
      if (kind === 'handshake-request' && line.request === reading) {
        const id = line.client ?? '';
        names.client(id);
        if (!firsts.has(id)) firsts.set(id, line.n);
      }
      if (kind === 'handshake-request' || kind === 'rehandshake-response') {
        const found = metadataIn(message?.payload);
        const id = line.client ?? '';
        if (found !== undefined) metadata.set(id, [...(metadata.get(id) ?? []), found[0]]);
        if (kind === 'rehandshake-response') desk.needs.add('rehandshake');
        return;
      }
      asked(reading, line);
    },
    peer(reading, line) {
      spokenAt.set(line, reading.t);
      if (line.request === undefined) {
        desk.unsaid.add('what the server sent before the client had asked to be let in is left out');
        return;
      }
      if (line.response === reading) answer(reading, line);
      else say(reading, line);
    },
    closed({ n, t, by, how }, line, code) {
      if (line.established) noteSilence(line, t);
      if (by !== 'server') notePatience(line, t);
      if (by === 'client' && how === 'close' && line.established && !line.provoked) leaving.push({ n, t, line });
      if (line.request !== undefined && line.response === undefined) {
        const waited = t - line.request.t;
        if (by !== 'server' || waited > nominal(PROMPT_MS)) arrange('silent');
        else if (isHandshakeRequest(line.request.message?.payload)) arrange('abort');
        arrangedAt = n;
        return;
      }
      if (by !== 'server' || !line.established || line.offended) return;
      const { heartbeatIntervalMs = Number.POSITIVE_INFINITY, heartbeatsUntilDead = 2 } = telling.timers;
      if (t - line.heard >= heartbeatsUntilDead * heartbeatIntervalMs) return;
      desk.add(n, 'peer', { peer: how === 'close' ? { close: closeWords(code) } : { abort: true } });
    },
    finish(t) {
      for (const line of lines) {
        if (line.closed) continue;
        if (line.established) noteSilence(line, t);
        notePatience(line, t);
        if (line.request !== undefined && line.response === undefined) arrange('silent');
      }
      for (const { n, t: left, line } of leaving) {
        const { heartbeatIntervalMs = Number.POSITIVE_INFINITY, heartbeatsUntilDead = 2 } = telling.timers;
        const isLast = !lines.some((other) => other.n > n && (other.client === undefined || other.client === line.client));
        const patient = left - (spokenAt.get(line) ?? line.t) < heartbeatsUntilDead * heartbeatIntervalMs;
        if (isLast && patient) desk.add(n - BEFORE, 'application', { disconnect: names.client(line.client ?? '') });
      }
      if (manual.size > 0) desk.add(-1, 'peer', { peer: { manual: [...manual] } });
      if (firsts.size > 1) desk.needs.add('multiple-clients');
      for (const [id, n] of firsts) {
        const values = metadata.get(id);
        if (values !== undefined) desk.needs.add('metadata');
        const as = names.client(id);
        const calls = desk.deeds.some(({ step }) => isPlainObject(step['invoke']) && (step['invoke']['on'] ?? 'main') === as);
        if (!calls) desk.needs.add('eager-connect');
        if (calls) invokeBeforeDialling(desk, as, firsts.size === 1 ? (lines[0]?.n ?? n) : n);
        if (calls && as === 'main' && values === undefined) continue;
        const connect = { as, ...(values === undefined ? {} : { metadata: values }), ...(calls ? { eager: false } : {}) };
        desk.add(calls ? -1 : n - BEFORE, 'application', { connect });
      }
    },
  };
}

/** A client that dials at its first call was asked for it before it dialled. */
function invokeBeforeDialling({ deeds }: Desk, client: string, dialled: number): void {
  const isFirst = ({ step }: Deed): boolean => isPlainObject(step['invoke']) && (step['invoke']['on'] ?? 'main') === client;
  const at = deeds.findIndex(isFirst);
  const deed = deeds[at];
  if (deed !== undefined && deed.n >= dialled) deeds[at] = { ...deed, n: dialled - BEFORE };
}

/** Whether what a server says ends a call for its application, which can do nothing about it any more. */
export function isOver(kind: string, { streamId, controlFlags }: RiverMessage, desk: Desk): boolean {
  const call = desk.streams.get(streamId)?.kind;
  if (kind === 'cancel') return true;
  if (kind === 'data') return (controlFlags & CLOSED) !== 0 && (call === 'rpc' || call === 'upload');
  return kind === 'close' && call === 'subscription';
}

/** The arguments of `close`. */
export function closeWords(code: number | undefined): Record<string, unknown> {
  return code === 1000 ? {} : { code: code ?? 'none' };
}
