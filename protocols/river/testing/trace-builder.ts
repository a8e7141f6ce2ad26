import { endOf, peerOf, type Role } from '../../common/frame.ts';
import type { RunFacts } from '../../common/invariant.ts';
import type { CallFacts } from '../../common/normalise.ts';
import type { ApplicationHappening, SentEvent, TraceEvent } from '../../common/trace.ts';
import type { RiverMessage } from '../message.ts';
import { CANCEL, CLOSED } from '../message.ts';

/** Facts for tests of a run with one client `main`, known as `c`. */
export const facts: RunFacts = {
  binding: 'json',
  clientIds: ['c'],
  serverId: 'S',
  timers: {},
  procedureKinds: {},
  scripted: [],
};

/** Builds small traces by hand; every message is free to be wrong. */
export class TraceBuilder {
  readonly events: TraceEvent<RiverMessage>[] = [];
  #seq = { client: 0, server: 0 };

  /** A message that one end sent, and that arrives unless `lost`. Fields left out are filled in. */
  say(from: Role, fields: Partial<RiverMessage>, travel: { connection?: number; lost?: true } = {}): SentEvent<RiverMessage> {
    const [sender, receiver] = from === 'client' ? ['c', 'S'] : ['S', 'c'];
    const seq = fields.seq ?? this.#seq[from];
    this.#seq[from] = Math.max(this.#seq[from], seq + 1);
    const event = sentEvent(
      { id: `${from}${seq}`, from: sender, to: receiver, seq, ack: 0, streamId: 'k', controlFlags: 0, payload: null, ...fields },
      { n: this.events.length, from, connection: travel.connection ?? 0 },
    );
    this.events.push(event);
    if (travel.lost === undefined) this.arrive(event);
    return event;
  }

  /** A message that was sent before arrives now. */
  arrive(event: SentEvent<RiverMessage>): this {
    const { connection, frame, decoded, n: of } = event;
    this.events.push({
      type: 'delivered',
      n: this.events.length,
      t: 0,
      to: peerOf(endOf(event.from)),
      of,
      altered: false,
      connection,
      frame,
      decoded,
    });
    return this;
  }

  rubbish(from: Role, connection = 0, text = false): this {
    const frame = { kind: 'message', class: 'data', text, data: new Uint8Array() } as const;
    this.events.push({ type: 'sent', n: this.events.length, t: 0, connection, from, frame, decoded: { ok: false, error: 'rubbish' } });
    return this;
  }

  /** An end says that it ends the connection. */
  leave(from: Role, connection = 0): this {
    const frame = { kind: 'close', class: 'closing', code: 1000, reason: '' } as const;
    this.events.push({ type: 'sent', n: this.events.length, t: 0, connection, from, frame, decoded: undefined });
    return this;
  }

  application(instance: string, event: ApplicationHappening): this {
    this.events.push({ type: 'application', n: this.events.length, t: 0, role: 'client', instance, event });
    return this;
  }

  request(sessionId: string, connection = 0, more: object = {}): this {
    const expectedSessionState = { nextExpectedSeq: 0, nextSentSeq: 0 };
    const payload = { type: 'HANDSHAKE_REQ', protocolVersion: 'v2.0', sessionId, expectedSessionState, ...more };
    this.say('client', { streamId: 'hs', seq: 0, payload }, { connection });
    return this;
  }

  response(status: object, connection = 0): this {
    this.say('server', { streamId: 'hs', seq: 0, payload: { type: 'HANDSHAKE_RESP', status } }, { connection });
    return this;
  }

  open(procedure: string, init: unknown, flags: number, fields: Partial<RiverMessage> = {}): this {
    const [serviceName = '', procedureName = ''] = procedure.split('.');
    this.say('client', { serviceName, procedureName, payload: init, controlFlags: flags, ...fields });
    return this;
  }

  close(from: Role, fields: Partial<RiverMessage> = {}): this {
    this.say(from, { controlFlags: CLOSED, payload: { type: 'CLOSE' }, ...fields });
    return this;
  }

  cancel(from: Role, code = 'CANCEL', error: object = { message: 'm' }, travel: { lost?: true } = {}): SentEvent<RiverMessage> {
    return this.say(from, { controlFlags: CANCEL, payload: { ok: false, payload: { code, ...error } } }, travel);
  }
}

/** A sent event around a message. */
export function sentEvent(
  message: RiverMessage,
  { n = 0, from, connection = 0 }: { n?: number; from: Role; connection?: number },
): SentEvent<RiverMessage> {
  const frame = { kind: 'message', class: 'data', text: false, data: new Uint8Array() } as const;
  return { type: 'sent', n, t: 0, connection, from, frame, decoded: { ok: true, message } };
}

/** A call of the client `main`. */
export function call(name: string, procedure: string, value: unknown = {}, instance = 'main'): CallFacts {
  return { call: name, role: 'client', instance, kind: '', procedure, value };
}
