import type { Frame } from '../common/frame.ts';
import { show } from '../common/show.ts';
import type { Decoded } from '../common/trace.ts';
import { kindOf } from './classify.ts';
import { errorName } from './error-codes.ts';
import { FLAG, has, isRequest, isRequestOrPayload, type RSocketFrame } from './frame.ts';
import { decodeComposite, decodeRoute, ROUTING } from './metadata.ts';
import { readValue } from './value.ts';

/** One line for people: `#5 REQUEST_STREAM ticks n=2 "5"`, where #5 is the stream. */
export function summarise(frame: Frame, decoded: Decoded<RSocketFrame> | undefined): string {
  switch (frame.class) {
    case 'closing':
      return `${frame.kind}${frame.code === undefined ? '' : ` ${frame.code}`}${frame.reason === '' ? '' : ` ${show(frame.reason)}`}`;
    case 'opening':
    case 'upkeep':
      return frame.kind;
    case 'data': {
      if (decoded?.ok) return summariseFrame(decoded.message);
      const why = decoded === undefined ? '' : `: ${decoded.error}`;
      return `${kindOf(frame, decoded)} ${frame.data.length} bytes${why}`;
    }
  }
}

function summariseFrame(frame: RSocketFrame): string {
  const parts = [`#${frame.streamId}`, frame.type === 'UNKNOWN' ? `type 0x${frame.typeCode.toString(16)}` : frame.type];
  switch (frame.type) {
    case 'SETUP':
      parts.push(`${frame.major}.${frame.minor} keepalive ${frame.keepaliveMs} ms lifetime ${frame.lifetimeMs} ms`);
      if (frame.token !== undefined) parts.push(`token ${hex(frame.token)}`);
      break;
    case 'LEASE':
      parts.push(`${frame.requests} requests in ${frame.ttlMs} ms`);
      break;
    case 'KEEPALIVE':
    case 'RESUME_OK':
      parts.push(`position ${frame.position}`);
      break;
    case 'REQUEST_STREAM':
    case 'REQUEST_CHANNEL':
    case 'REQUEST_N':
      parts.push(`n=${frame.n}`);
      break;
    case 'ERROR':
      parts.push(errorName(frame.code));
      break;
    case 'RESUME':
      parts.push(`${frame.major}.${frame.minor} token ${hex(frame.token)} server ${frame.serverPosition} client ${frame.clientPosition}`);
      break;
    case 'EXT':
      parts.push(`type ${frame.extendedType}`);
      break;
    default:
      break;
  }
  const flags = flagWords(frame);
  if (flags !== '') parts.push(`[${flags}]`);
  const route = isRequest(frame) && frame.metadata instanceof Uint8Array ? routeOf(frame.metadata) : undefined;
  if (route !== undefined) parts.push(route);
  else if (frame.metadata !== undefined) parts.push(`metadata ${told(frame.metadata)}`);
  if (frame.data.length > 0) parts.push(told(frame.data));
  if (frame.reserved.length > 0) parts.push(`reserved bits of ${frame.reserved.join(', ')}`);
  return parts.join(' ');
}

/** The route that metadata names; undefined where it names none. */
export function routeOf(metadata: Uint8Array | undefined): string | undefined {
  const entries = metadata === undefined ? undefined : decodeComposite(metadata);
  const route = entries?.find(({ mime }) => mime === ROUTING);
  return route === undefined ? undefined : decodeRoute(route.content)?.[0];
}

/** Flags in words: `next, complete`; empty for none. M is told by the metadata. */
export function flagWords(frame: RSocketFrame): string {
  const words: string[] = [];
  let left = frame.flags & ~FLAG.METADATA;
  const take = (bit: number, word: string): void => {
    if ((left & bit) === 0) return;
    words.push(word);
    left &= ~bit;
  };
  take(FLAG.IGNORE, 'ignore');
  switch (frame.type) {
    case 'SETUP':
      take(FLAG.RESUME, 'resume');
      take(FLAG.LEASE, 'lease');
      break;
    case 'KEEPALIVE':
      take(FLAG.RESPOND, 'respond');
      break;
    default:
      if (!isRequestOrPayload(frame)) break;
      take(FLAG.FOLLOWS, 'follows');
      if (frame.type === 'REQUEST_CHANNEL' || frame.type === 'PAYLOAD') take(FLAG.COMPLETE, 'complete');
      if (frame.type === 'PAYLOAD') take(FLAG.NEXT, 'next');
  }
  if (left !== 0) words.push(`0x${left.toString(16)}`);
  if (has(frame, FLAG.METADATA) && frame.metadata === undefined) words.push('metadata');
  return words.join(', ');
}

/** A secret may have been replaced by text before the frame came here. */
function hex(bytes: unknown): string {
  return bytes instanceof Uint8Array ? Buffer.from(bytes.subarray(0, 16)).toString('hex') : String(bytes);
}

function told(bytes: unknown): string {
  return bytes instanceof Uint8Array ? show(readValue(bytes)) : String(bytes);
}
