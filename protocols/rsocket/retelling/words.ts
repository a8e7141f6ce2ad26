import type { MessageFrame } from '../../common/frame.ts';
import type { StepInWords } from '../../common/retelling.ts';
import { sameValue, toTagged } from '../../common/value.ts';
import { errorName } from '../error-codes.ts';
import { DEFINED_FLAGS, FLAG, MAX_31, type RSocketFrame } from '../frame.ts';
import { COMPOSITE, OCTETS, readRequestMetadata, requestMetadata } from '../metadata.ts';
import { flagNames, type SendFrame, sendFrame } from '../script.ts';
import { flagBits, scriptedFrames } from '../scripted-frame.ts';
import { readValue } from '../value.ts';

/**
 * What a `send` command says to write just these bytes; undefined where it has no words for them. `name` is how a script knows the
 * stream; without one its id is said.
 */
export function sendWords(frame: RSocketFrame, message: MessageFrame, name: string | undefined): StepInWords | undefined {
  if (frame.type === 'UNKNOWN' || message.text) return undefined;
  const { streamId } = frame;
  const where = streamId === 0 ? {} : name === undefined ? { id: streamId } : { stream: name };
  const plain = { frame: frame.type, ...where, ...payloadWords(frame), ...membersOf(frame) };
  const literal = streamId === 0 && !IMPLIES_CONNECTION.has(frame.type) ? { ...plain, id: 0 } : plain;
  const flags = flagWords(frame);
  const reserved = frame.reserved.length === 0 ? {} : { reserved: frame.reserved };
  return [literal, { ...literal, flags }, { ...literal, flags: frame.flags, ...reserved }].find((words) =>
    writes(words, message, streamId),
  );
}

/** Types that are of the connection where a script does not say otherwise. */
const IMPLIES_CONNECTION: ReadonlySet<string> = new Set(['SETUP', 'LEASE', 'KEEPALIVE', 'METADATA_PUSH', 'RESUME', 'RESUME_OK', 'EXT']);

function writes(words: StepInWords, { data }: MessageFrame, streamId: number): boolean {
  const parsed = sendFrame.safeParse(words);
  if (!parsed.success) return false;
  const nothing = { keepaliveMs: 0, lifetimeMs: 0, token: undefined, received: -1, sent: 0, first: -1 };
  try {
    const [bytes] = scriptedFrames(parsed.data, { ...nothing, idOf: () => streamId });
    return bytes !== undefined && sameValue(new Uint8Array(bytes), new Uint8Array(data));
  } catch {
    return false;
  }
}

function payloadWords({ data, metadata }: RSocketFrame): Readonly<Record<string, unknown>> {
  const { route, own } = readRequestMetadata(metadata);
  const routed = route !== undefined && metadata !== undefined && sameValue(requestMetadata(route, own), new Uint8Array(metadata));
  const beside = routed ? own : metadata;
  return {
    ...(routed ? { route } : {}),
    ...(data.length === 0 ? {} : { data: toTagged(readValue(data)) }),
    ...(beside === undefined ? {} : { metadata: toTagged(readValue(beside)) }),
  };
}

function membersOf(frame: RSocketFrame): Partial<Record<keyof SendFrame, unknown>> {
  switch (frame.type) {
    case 'SETUP':
      return {
        ...(frame.major === 1 ? {} : { major: frame.major }),
        ...(frame.minor === 0 ? {} : { minor: frame.minor }),
        ...{ keepalive: frame.keepaliveMs, lifetime: frame.lifetimeMs },
        ...(frame.token === undefined ? {} : { token: toTagged(readValue(frame.token)) }),
        ...(frame.metadataMime === COMPOSITE ? {} : { 'metadata-mime': frame.metadataMime }),
        ...(frame.dataMime === OCTETS ? {} : { 'data-mime': frame.dataMime }),
      };
    case 'LEASE':
      return { ttl: frame.ttlMs, requests: frame.requests };
    case 'KEEPALIVE':
    case 'RESUME_OK':
      return frame.type === 'KEEPALIVE' && frame.position === 0 ? {} : { position: Number(frame.position) };
    case 'REQUEST_STREAM':
    case 'REQUEST_CHANNEL':
    case 'REQUEST_N':
      return frame.n === MAX_31 ? {} : { n: frame.n };
    case 'ERROR':
      return { code: errorName(frame.code) };
    case 'RESUME':
      return {
        ...(frame.major === 1 ? {} : { major: frame.major }),
        ...(frame.minor === 0 ? {} : { minor: frame.minor }),
        token: toTagged(readValue(frame.token)),
        ...{ 'server-position': Number(frame.serverPosition), 'client-position': Number(frame.clientPosition) },
      };
    case 'EXT':
      return { 'extended-type': frame.extendedType };
    default:
      return {};
  }
}

/** Flags by name where the type defines all of them. */
function flagWords(frame: RSocketFrame): SendFrame['flags'] {
  if (frame.type === 'UNKNOWN') return frame.flags;
  const defined = DEFINED_FLAGS[frame.type];
  const names = flagNames.filter((name) => (flagBits([name]) & frame.flags) !== 0 && nameFits(name, frame.type));
  return (frame.flags & ~defined) === 0 && flagBits(names) === frame.flags ? names : frame.flags;
}

/** Several flags share a bit: what a type calls it. */
function nameFits(name: (typeof flagNames)[number], type: string): boolean {
  if (flagBits([name]) === FLAG.FOLLOWS) return name === (type === 'SETUP' ? 'resume' : type === 'KEEPALIVE' ? 'respond' : 'follows');
  if (flagBits([name]) === FLAG.COMPLETE) return name === (type === 'SETUP' ? 'lease' : 'complete');
  return true;
}
