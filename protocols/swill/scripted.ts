import { encodeFrame } from '../carriers/websocket/framer.ts';
import { concatenate } from '../common/byte-queue.ts';
import type { Link } from '../common/environment.ts';
import { type MessageFrame, messageOf } from '../common/frame.ts';
import { fromTagged } from '../common/value.ts';
import { requestBytes, responseBytes } from './encode.ts';
import type { FrameType } from './frame.ts';
import { withLongerHeader } from './msgpack.ts';
import type { ClientCommand, RequestSend, ResponseSend, ServerCommand } from './script.ts';

/** What stands in a scripted frame where its script does not say. */
export interface Usual {
  readonly seq: unknown;
  readonly rpc: unknown;
}

/** The message of a scripted frame of a client. */
export function scriptedRequest(spec: RequestSend, { seq, rpc }: Usual): MessageFrame {
  const { type, metadata, data, elements, extra } = valuesOf(spec);
  const made = requestBytes({
    seq: seqOf(spec, seq),
    rpc: 'rpc' in spec ? fromTagged(spec.rpc) : rpc,
    ...(data === undefined ? {} : { data }),
    ...(type === undefined ? {} : { type: type as FrameType }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(elements === undefined ? {} : { elements }),
    ...(extra === undefined ? {} : { extra }),
  });
  return messageOfScript(spec, made);
}

/** The message of a scripted frame of a server. */
export function scriptedResponse(spec: ResponseSend, { seq }: Pick<Usual, 'seq'>): MessageFrame {
  const { type, data, elements, extra } = valuesOf(spec);
  const made = responseBytes({
    seq: seqOf(spec, seq),
    ...(data === undefined ? {} : { data }),
    ...(type === undefined ? {} : { type: type as FrameType }),
    ...(spec.leading === undefined ? {} : { leading: fromTagged(spec.leading) }),
    ...(spec.trailing === undefined ? {} : { trailing: fromTagged(spec.trailing) }),
    ...(elements === undefined ? {} : { elements }),
    ...(extra === undefined ? {} : { extra }),
  });
  return messageOfScript(spec, made);
}

function valuesOf(spec: RequestSend | ResponseSend) {
  return {
    type: spec.type === undefined ? undefined : fromTagged(spec.type),
    data: spec.data === undefined ? undefined : fromTagged(spec.data),
    metadata: 'metadata' in spec && spec.metadata !== undefined ? fromTagged(spec.metadata) : undefined,
    elements: spec.elements,
    extra: spec.extra?.map(fromTagged),
  };
}

function seqOf(spec: RequestSend | ResponseSend, usual: unknown): unknown {
  const seq = 'seq' in spec ? fromTagged(spec.seq) : usual;
  return spec['seq-in-64-bits'] === true ? BigInt(Number(seq)) : seq;
}

function messageOfScript(spec: RequestSend | ResponseSend, short: Uint8Array): MessageFrame {
  const { hex, text, cut, seq, data, 'array-in-bits': bits } = spec;
  const made = bits === undefined ? short : withLongerHeader(short, bits);
  if (text !== undefined) return messageOf(new TextEncoder().encode(text), true);
  const whole = hex === undefined ? made : data === undefined && seq === undefined ? bytesOf(hex) : concatenate([made, bytesOf(hex)]);
  return messageOf(cut === undefined ? whole : whole.subarray(0, cut));
}

/** How scripted messages are put on a connection. */
export interface Writing {
  readonly link: Link;
  /** The mask key of a client; undefined for a server. */
  readonly mask: Uint8Array | undefined;
}

/** Writes one message, in fragments where the script says so. */
export function writeMessage({ link, mask }: Writing, frame: MessageFrame, fragments: number | undefined): void {
  if (fragments === undefined) link.send(frame);
  else link.raw?.(encodeFrame(frame, { mask, fragments }));
}

/** Writes messages all at once. */
export function writeBurst({ link, mask }: Writing, frames: readonly MessageFrame[]): void {
  link.raw?.(concatenate(frames.map((frame) => encodeFrame(frame, { mask }))));
}

/** Writes a message byte by byte. */
export function dribble({ link, mask }: Writing, frame: MessageFrame): void {
  const bytes = encodeFrame(frame, { mask });
  for (let at = 0; at < bytes.length; at += 1) link.raw?.(bytes.subarray(at, at + 1));
}

/** Carries out what a command says below the messages. */
export function writeBelow({ link }: Writing, { bytes, ping, close, abort }: ClientCommand | ServerCommand): void {
  if (bytes !== undefined) link.raw?.(bytesOf(bytes.hex));
  if (ping !== undefined) link.upkeep?.({ kind: 'ping', class: 'upkeep', data: new TextEncoder().encode(ping) });
  if (close !== undefined) {
    const { code, reason = '' } = close === true ? { code: 1000 } : close;
    link.close(code ?? 1005, reason);
  }
  if (abort !== undefined) link.abort();
}

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(/\s+/g, ''), 'hex'));
}
