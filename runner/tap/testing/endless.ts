import type { Role } from '../../../protocols/common/frame.ts';
import { messageOf } from '../../../protocols/common/frame.ts';
import type { TraceEvent } from '../../../protocols/common/trace.ts';

const INTERVAL_MS = 1000;

/**
 * A conforming River connection that never ends, as decoded events: calls and their answers, heartbeats and their echoes; every
 * 250 rounds the connection is lost and resumed, every 2,500 another client comes and stays a while.
 */
export function* endless(rounds: number): Generator<TraceEvent> {
  let n = 0;
  let t = 0;
  let connection = -1;
  let session = 0;
  let numbers: Record<Role, { seq: number; ack: number }> = { client: { seq: 0, ack: 0 }, server: { seq: 0, ack: 0 } };

  function* frame(from: Role, message: object): Generator<TraceEvent> {
    const decoded = { ok: true, message } as const;
    const raw = messageOf(new Uint8Array(0), false);
    const sent = n;
    yield { n: n++, t, type: 'sent', connection, from, frame: raw, decoded };
    yield {
      n: n++,
      t,
      type: 'delivered',
      connection,
      to: from === 'client' ? 'server' : 'client',
      of: sent,
      altered: false,
      frame: raw,
      decoded,
    };
  }

  function envelope(from: Role): { id: string; from: string; to: string } {
    const client = `client-${session}`;
    return from === 'client' ? { id: `c${n}`, from: client, to: 'SERVER' } : { id: `s${n}`, from: 'SERVER', to: client };
  }

  function* say(from: Role, parts: object): Generator<TraceEvent> {
    const { seq, ack } = numbers[from];
    yield* frame(from, { ...envelope(from), seq, ack, ...parts });
    numbers[from].seq += 1;
    numbers[from === 'client' ? 'server' : 'client'].ack += 1;
  }

  function* dial(): Generator<TraceEvent> {
    connection += 1;
    yield { n: n++, t, type: 'opened', connection };
    const zero = { seq: 0, ack: 0, streamId: `hello-${connection}`, controlFlags: 0 };
    const expectedSessionState = { nextExpectedSeq: numbers.client.ack, nextSentSeq: numbers.client.seq };
    const sessionId = `session-${session}`;
    yield* frame('client', {
      ...envelope('client'),
      ...zero,
      payload: { type: 'HANDSHAKE_REQ', protocolVersion: 'v2.0', sessionId, expectedSessionState },
    });
    yield* frame('server', { ...envelope('server'), ...zero, payload: { type: 'HANDSHAKE_RESP', status: { ok: true, sessionId } } });
  }

  for (let round = 0; round < rounds; round += 1) {
    if (round % 2500 === 0) {
      session += 1;
      numbers = { client: { seq: 0, ack: 0 }, server: { seq: 0, ack: 0 } };
    }
    if (round % 250 === 0) {
      if (connection >= 0) yield { n: n++, t, type: 'closed', connection, by: 'server', how: 'rst', code: undefined };
      yield* dial();
    }
    t += INTERVAL_MS;
    yield* say('server', { streamId: 'heartbeat', controlFlags: 1, payload: { type: 'ACK' } });
    yield* say('client', { streamId: 'heartbeat', controlFlags: 1, payload: { type: 'ACK' } });
    const call = { streamId: `call-${round}` };
    yield* say('client', { ...call, controlFlags: 10, serviceName: 'test', procedureName: 'add', payload: { n: round } });
    yield* say('server', { ...call, controlFlags: 8, payload: { ok: true, payload: { result: round } } });
  }
}
