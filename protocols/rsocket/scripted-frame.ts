import { fromTagged } from '../common/value.ts';
import { encodeFrame } from './encode.ts';
import { errorCode } from './error-codes.ts';
import { FLAG, FRAME_TYPES, type FrameType, MAX_31, type Position, type ReservedField, type RSocketFrame, VERSION } from './frame.ts';
import { COMPOSITE, OCTETS, requestMetadata } from './metadata.ts';
import type { flagNames, SendFrame } from './script.ts';
import { bytesOf } from './value.ts';

/** What a conforming peer would put where a script leaves something out. */
export interface ScriptDefaults {
  readonly keepaliveMs: number;
  readonly lifetimeMs: number;
  readonly token: Uint8Array | undefined;
  /** Bytes of tracked frames received, and those sent; the first that can be sent again. */
  readonly received: number;
  readonly sent: number;
  readonly first: number;
  /** The id of a name; a new one where it is new. `opens` for requests. */
  idOf(name: string | undefined, opens: boolean): number;
}

const bits: Readonly<Record<(typeof flagNames)[number], number>> = {
  ignore: FLAG.IGNORE,
  metadata: FLAG.METADATA,
  follows: FLAG.FOLLOWS,
  resume: FLAG.RESUME,
  respond: FLAG.RESPOND,
  complete: FLAG.COMPLETE,
  lease: FLAG.LEASE,
  next: FLAG.NEXT,
};

/** The number that flags stand for. */
export function flagBits(flags: SendFrame['flags']): number {
  if (flags === undefined) return 0;
  return typeof flags === 'number' ? flags : flags.reduce((sum, name) => sum | bits[name], 0);
}

const connectionTypes: readonly FrameType[] = ['SETUP', 'LEASE', 'KEEPALIVE', 'METADATA_PUSH', 'RESUME', 'RESUME_OK', 'EXT'];

/** The bytes of the frames that a command stands for, in order. Throws an Error where a value is neither text nor bytes. */
export function scriptedFrames(spec: SendFrame, defaults: ScriptDefaults): readonly Uint8Array[] {
  return Array.from({ length: spec.times ?? 1 }, () => {
    const bytes = encodeFrame(frameOf(spec, defaults));
    if (spec['metadata-length'] !== undefined) lie(bytes, spec, spec['metadata-length']);
    return spec.cut === undefined ? bytes : bytes.subarray(0, spec.cut);
  });
}

function frameOf(spec: SendFrame, defaults: ScriptDefaults): RSocketFrame {
  const type = typeof spec.frame === 'number' ? typeOf(spec.frame) : spec.frame;
  const own = spec.metadata === undefined ? undefined : bytesOf(fromTagged(spec.metadata));
  const metadata = spec.route === undefined ? own : requestMetadata(spec.route, own);
  const data = bytesOf(fromTagged(spec.data));
  const opens = type?.startsWith('REQUEST_') === true && type !== 'REQUEST_N';
  const whole = spec.id ?? (type === undefined || connectionTypes.includes(type) ? 0 : defaults.idOf(spec.stream, opens));
  const reserved = [...(spec.reserved ?? []), ...(whole > MAX_31 ? ['streamId'] : [])] as ReservedField[];
  const token = spec.token === undefined ? defaults.token : bytesOf(fromTagged(spec.token));
  const natural = (metadata === undefined && type !== 'METADATA_PUSH' ? 0 : FLAG.METADATA) | naturalFlags(type, spec);
  const base = {
    streamId: whole & MAX_31,
    flags: (spec.flags === undefined ? natural : flagBits(spec.flags)) | flagBits(spec.also),
    reserved,
    metadata,
    data,
  };
  const version = { major: spec.major ?? VERSION.major, minor: spec.minor ?? VERSION.minor };
  switch (type) {
    case undefined:
      return { type: 'UNKNOWN', typeCode: Number(spec.frame), ...base };
    case 'SETUP':
      return {
        type,
        ...base,
        ...version,
        keepaliveMs: spec.keepalive ?? defaults.keepaliveMs,
        lifetimeMs: spec.lifetime ?? defaults.lifetimeMs,
        token,
        metadataMime: spec['metadata-mime'] ?? COMPOSITE,
        dataMime: spec['data-mime'] ?? OCTETS,
      };
    case 'LEASE':
      return { type, ...base, ttlMs: spec.ttl ?? defaults.lifetimeMs, requests: spec.requests ?? 1 };
    case 'KEEPALIVE':
      // Without resumption it is 0, and scripts say so where it is not.
      return { type, ...base, position: spec.position === undefined ? 0 : positionOf(spec.position, defaults.received) };
    case 'RESUME_OK':
      return { type, ...base, position: positionOf(spec.position, defaults.received) };
    case 'REQUEST_STREAM':
    case 'REQUEST_CHANNEL':
    case 'REQUEST_N':
      return { type, ...base, n: spec.n ?? MAX_31 };
    case 'ERROR':
      return { type, ...base, code: codeOf(spec.code ?? 'APPLICATION_ERROR') };
    case 'RESUME':
      return {
        type,
        ...base,
        ...version,
        token: token ?? new Uint8Array(),
        serverPosition: positionOf(spec['server-position'], defaults.received),
        clientPosition: positionOf(spec['client-position'], defaults.first),
      };
    case 'EXT':
      return { type, ...base, extendedType: spec['extended-type'] ?? 1 };
    case 'REQUEST_RESPONSE':
    case 'REQUEST_FNF':
    case 'CANCEL':
    case 'PAYLOAD':
    case 'METADATA_PUSH':
      return { type, ...base };
  }
}

/** The code of a name or number. Throws an Error on other texts. */
export function codeOf(code: string | number): number {
  const number = typeof code === 'number' ? code : errorCode(code);
  if (number === undefined) throw new Error(`there is no error code ${JSON.stringify(code)}`);
  return number;
}

/** A position as a script gives it: the number, or the true one with an offset. */
export function positionOf(spec: SendFrame['position'], truth: number): Position {
  if (spec === undefined) return truth;
  return typeof spec === 'number' ? spec : truth + Number(spec.slice('true'.length) || '0');
}

function typeOf(number: number): FrameType | undefined {
  return (Object.keys(FRAME_TYPES) as FrameType[]).find((type) => FRAME_TYPES[type] === number);
}

function naturalFlags(type: FrameType | undefined, spec: SendFrame): number {
  switch (type) {
    case 'SETUP':
      return spec.token === undefined ? 0 : FLAG.RESUME;
    case 'KEEPALIVE':
      return FLAG.RESPOND;
    case 'PAYLOAD':
      return spec.data === undefined && spec.metadata === undefined ? FLAG.COMPLETE : FLAG.NEXT;
    default:
      return 0;
  }
}

/** Writes another metadata length where the true one stands. */
function lie(bytes: Uint8Array, spec: SendFrame, length: number): void {
  const metadata = spec.route === undefined && spec.metadata === undefined ? 0 : metadataLength(spec);
  const at = bytes.length - bytesOf(fromTagged(spec.data)).length - metadata - 3;
  if (at < 6) throw new Error('metadata-length: the frame has no metadata length; give it `metadata`');
  bytes.set([(length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff], at);
}

function metadataLength({ metadata, route }: SendFrame): number {
  const own = metadata === undefined ? undefined : bytesOf(fromTagged(metadata));
  return (route === undefined ? own : requestMetadata(route, own))?.length ?? 0;
}
