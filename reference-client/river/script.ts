import { AbsenceError } from '../../protocols/common/absence.ts';
import type { Link } from '../../protocols/common/environment.ts';
import { fromTagged, isPlainObject } from '../../protocols/common/value.ts';
import { encodeMessage } from '../../protocols/river/codec.ts';
import { ACK, HEARTBEAT_STREAM, OPEN } from '../../protocols/river/message.ts';
import type { ClientCommand } from '../../protocols/river/script.ts';
import {
  binaryFrame,
  overlay,
  scriptedClosing,
  scriptedFlags,
  scriptedFrame,
  scriptedMessages,
  splitOffset,
} from '../../protocols/river/scripted-message.ts';
import { expectedState, type SessionState } from '../../protocols/river/session.ts';
import type { RiverClient } from './client.ts';
import { requestMessage, requestPayload } from './handshake.ts';

/** Names that scripts give to streams. */
export interface StreamNames {
  find(name: string): string | undefined;
  name(name: string, streamId: string): void;
}

/** Carries out one command on a client. Throws an Error saying why where it cannot. */
export function runCommand(client: RiverClient, command: ClientCommand, streams: StreamNames): void {
  const { scripted, behaviour } = client;
  if (command.send !== undefined) send(client, command.send, streams);
  if (command['send-raw'] !== undefined) {
    const frame = scriptedFrame(command['send-raw'], (value) => encodeMessage(value, client.settings.codec));
    whenLive(client, (link) => link.send(frame));
  }
  if (command.close !== undefined) {
    const { code, reason } = scriptedClosing(command.close);
    scripted.drop((link) => link.close(code, reason));
  }
  if (command.abort !== undefined) scripted.drop((link) => link.abort());
  if (command.heartbeats !== undefined) behaviour.heartbeats = command.heartbeats;
  if (command.watchdog !== undefined) behaviour.watchdog = command.watchdog;
  if (command['gap-check'] !== undefined) behaviour.gapCheck = command['gap-check'];
  if (command.replay !== undefined) behaviour.replay = command.replay;
  if (command.rehandshake !== undefined) behaviour.rehandshake = command.rehandshake;
  if (command.acks !== undefined) setAcks(client, command.acks);
  if (command.reconnect !== undefined) setReconnect(client, command.reconnect);
  if (command.heartbeat !== undefined) {
    const { times = 1 } = command.heartbeat;
    send(client, { 'stream-id': HEARTBEAT_STREAM, flags: ACK, payload: { type: 'ACK' }, times }, streams);
  }
  if (command.connect === 'raw') scripted.connectRaw();
  if (command.connect === 'normal') scripted.connectNormally();
  if (command.handshake !== undefined) handshake(client, command.handshake);
  if (command.open !== undefined) open(client, command.open, streams);
}

function send(client: RiverClient, spec: NonNullable<ClientCommand['send']>, streams: StreamNames): void {
  const { transport, scripted } = client;
  const session = transport.keeper.ensure();
  const messages = scriptedMessages(session, spec, transport.stationery, (name) => streamIdOf(client, name, streams));
  const write = (link: Link) => {
    for (const bytes of messages) link.send(binaryFrame(bytes));
  };
  if (spec.connection === 'previous') {
    if (scripted.previous === undefined) throw new AbsenceError('there is no previous connection');
    write(scripted.previous);
  } else {
    // Where nothing is live, messages with the next number go out with the session's buffer.
    const buffered = !scripted.isLive && (spec.seq === undefined || spec.seq === 'next');
    whenLive(client, buffered ? () => {} : write);
  }
}

function open(client: RiverClient, spec: NonNullable<ClientCommand['open']>, streams: StreamNames): void {
  const streamId = client.transport.stationery.newId();
  streams.name(spec.stream, streamId);
  const dot = spec.procedure.indexOf('.');
  const init = 'init' in spec && spec.init !== undefined ? spec.init : {};
  const names = { service: spec.procedure.slice(0, Math.max(dot, 0)), procedure: spec.procedure.slice(dot + 1) };
  send(client, { 'stream-id': streamId, flags: scriptedFlags(spec.flags ?? OPEN), payload: init, ...names }, streams);
}

function streamIdOf(client: RiverClient, name: string, streams: StreamNames): string {
  const known = streams.find(name);
  if (known !== undefined) return known;
  const streamId = client.transport.stationery.newId();
  streams.name(name, streamId);
  return streamId;
}

function setAcks(client: RiverClient, mode: 'frozen' | 'live'): void {
  client.behaviour.acks = mode;
  const session = client.transport.keeper.current;
  if (session !== undefined) session.frozenAck = mode === 'frozen' ? session.ack : undefined;
}

function setReconnect(client: RiverClient, mode: 'off' | 'on'): void {
  client.behaviour.reconnect = mode;
  if (mode === 'off') client.transport.pause();
  else if (client.transport.keeper.current !== undefined && !client.scripted.isLive) client.transport.resume();
}

/** Runs `act` on the live link, now or later; dials if nothing else does. */
function whenLive(client: RiverClient, act: (link: Link) => void): void {
  client.scripted.whenLive(act);
  if (!client.scripted.isLive && client.behaviour.reconnect === 'on') client.transport.connect();
}

function handshake(client: RiverClient, spec: NonNullable<ClientCommand['handshake']>): void {
  const { transport, scripted, settings } = client;
  const payload = spec.payload === undefined ? handshakePayload(client, spec) : fromTagged(spec.payload);
  const sessionId = isPlainObject(payload) ? payload['sessionId'] : undefined;
  if (typeof sessionId === 'string') scripted.offer(sessionOf(client, sessionId));
  const envelope = requestMessage(settings, transport.stationery.newId, payload);
  overlay(envelope, spec.envelope ?? {});
  const bytes = transport.stationery.encode(envelope);
  whenLive(client, (link) => link.send(binaryFrame(bytes)));
}

function handshakePayload(client: RiverClient, spec: NonNullable<ClientCommand['handshake']>): unknown {
  const { transport, settings } = client;
  const current = transport.keeper.ensure();
  const named = spec.session ?? 'current';
  const sessionId = named === 'current' ? current.sessionId : named === 'new' ? `session-${transport.stationery.newId()}` : named;
  const truth = expectedState(sessionOf(client, sessionId));
  const metadata = spec.metadata === undefined ? settings.constructMetadata() : { kind: 'none' as const };
  if (metadata.kind === 'failed') throw new Error('the metadata constructor failed; give the handshake its metadata');
  const state: Record<string, unknown> = { ...truth };
  if (spec['next-expected-seq'] !== undefined)
    overlay(state, { nextExpectedSeq: around(truth.nextExpectedSeq, spec['next-expected-seq']) });
  if (spec['next-sent-seq'] !== undefined) overlay(state, { nextSentSeq: around(truth.nextSentSeq, spec['next-sent-seq']) });
  const payload: Record<string, unknown> = { ...requestPayload(sessionId, truth, metadata), expectedSessionState: state };
  if (spec.version !== undefined) overlay(payload, { protocolVersion: spec.version });
  if (spec.metadata !== undefined) overlay(payload, { metadata: spec.metadata });
  return payload;
}

/** The living session where it has that id, else fresh books. */
function sessionOf(client: RiverClient, sessionId: string): SessionState {
  const current = client.transport.keeper.ensure();
  return current.sessionId === sessionId ? current : client.transport.keeper.make(sessionId);
}

/** `true+1` stands for the true number and one; other values for themselves. */
function around(truth: number, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const [base, offset] = splitOffset(value);
  return base === 'true' ? truth + offset : value;
}
