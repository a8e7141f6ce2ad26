import { NO_CODE } from '../common/environment.ts';
import type { MessageFrame } from '../common/frame.ts';
import { fromTagged, setOwn } from '../common/value.ts';
import { ACK, CANCEL, CLOSED, OPEN } from './message.ts';
import type { ClientCommand } from './script.ts';
import { outgoingAck, recordSent, type SessionState, type Stationery } from './session.ts';

/** A `send` command, the same for both peers. */
export type ScriptedSend = NonNullable<ClientCommand['send']>;
/** A frame given as it is, the same for both peers. */
export type ScriptedRaw = NonNullable<ClientCommand['send-raw']>;
/** Control flags by name or number. */
export type ScriptedFlags = NonNullable<ScriptedSend['flags']>;

const flagBits = { ack: ACK, open: OPEN, cancel: CANCEL, closed: CLOSED } as const;

/** The number that a script's flags stand for; 0 where none are given. */
export function scriptedFlags(flags: ScriptedFlags | undefined): number {
  if (flags === undefined) return 0;
  return typeof flags === 'number' ? flags : flags.reduce((bits, flag) => bits | flagBits[flag], 0);
}

/**
 * Makes the messages of a `send` command, in order, as bytes to write. Those that use up the session's next number are
 * buffered like any other. `streamIdOf` gives the streamId of a name, a new one for a new name. Throws an Error where
 * `same-as-last` or `last±n` is asked for and nothing was sent yet, or where the codec cannot carry the message.
 */
export function scriptedMessages(
  session: SessionState,
  spec: ScriptedSend,
  stationery: Stationery,
  streamIdOf: (name: string) => string,
): readonly Uint8Array[] {
  const streamId = spec['stream-id'] ?? (spec.stream === undefined ? stationery.newId() : streamIdOf(spec.stream));
  return Array.from({ length: spec.times ?? 1 }, () => {
    const usesNext = spec.seq === undefined || spec.seq === 'next';
    const seq = usesNext ? session.seq : scriptedSeq(session, spec.seq);
    const id = spec.id === 'same-as-last' ? lastOf(session).id : (spec.id ?? stationery.newId());
    const envelope: Record<string, unknown> = {
      id,
      from: spec.from ?? session.self,
      to: spec.to ?? session.peer,
      seq,
      ack: scriptedAck(session, spec.ack),
      streamId,
      controlFlags: scriptedFlags(spec.flags),
    };
    overlay(envelope, { serviceName: spec.service, procedureName: spec.procedure, payload: spec.payload });
    overlay(envelope, spec.envelope ?? {});
    const bytes = stationery.encode(envelope);
    if (usesNext) recordSent(session, { seq, id, bytes });
    return bytes;
  });
}

/** The frame that a `raw` command stands for. Throws an Error where it gives nothing, or the codec cannot carry its `json`. */
export function scriptedFrame(raw: ScriptedRaw, encode: (value: unknown) => Uint8Array): MessageFrame {
  if (raw.hex !== undefined) return binaryFrame(new Uint8Array(Buffer.from(raw.hex.replace(/\s+/g, ''), 'hex')));
  if (raw.text !== undefined) return { kind: 'message', class: 'data', text: true, data: new TextEncoder().encode(raw.text) };
  if ('json' in raw) return binaryFrame(encode(fromTagged(raw.json)));
  throw new Error('a raw frame needs one of hex, text, json');
}

/** What a `close` command asks for, as a link takes it. */
export function scriptedClosing({ code = 1000, reason = '' }: NonNullable<ClientCommand['close']>): { code: number; reason: string } {
  return { code: code === 'none' ? NO_CODE : code, reason };
}

/** The frame that carries encoded bytes: binary under both codecs (RIVER-CODEC-01). */
export function binaryFrame(data: Uint8Array): MessageFrame {
  return { kind: 'message', class: 'data', text: false, data };
}

/** Lays tagged values over a map; those that stand for undefined remove their key. */
export function overlay(target: Record<string, unknown>, tagged: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(tagged)) {
    const plain = fromTagged(value);
    if (plain === undefined) delete target[key];
    else setOwn(target, key, plain);
  }
}

function scriptedSeq(session: SessionState, spec: ScriptedSend['seq']): number {
  if (typeof spec === 'number') return spec;
  if (spec === undefined || spec === 'next') return session.seq;
  if (spec === 'same-as-last') return lastOf(session).seq;
  const [base, offset] = splitOffset(spec);
  switch (base) {
    case 'next':
      return session.seq + offset;
    case 'last':
      return lastOf(session).seq + offset;
    case 'ack':
      return session.ack + offset;
    default:
      throw new Error(`seq ${JSON.stringify(spec)}: expected next, last or ack with an offset`);
  }
}

function scriptedAck(session: SessionState, spec: ScriptedSend['ack']): number {
  if (typeof spec === 'number') return spec;
  if (spec === undefined || spec === 'current') return outgoingAck(session);
  return session.ack + splitOffset(spec)[1];
}

/** `next+1` → [`next`, 1]; no offset is 0. */
export function splitOffset(text: string): readonly [base: string, offset: number] {
  const match = /^([a-z]+)([+-]\d+)$/.exec(text);
  return match ? [match[1] ?? '', Number(match[2])] : [text, 0];
}

function lastOf(session: SessionState): { readonly seq: number; readonly id: string } {
  if (session.last === undefined) throw new Error('the script repeats the last message, but none was sent on this session');
  return session.last;
}
