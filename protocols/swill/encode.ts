import { isPlainObject } from '../common/value.ts';
import { FEWEST, type FrameType, MOST, typesOf } from './frame.ts';
import { encodeMsgpack } from './msgpack.ts';

/** How a request frame is written. */
export interface RequestSpec {
  readonly seq: unknown;
  readonly data?: unknown;
  readonly rpc: unknown;
  readonly type?: FrameType | number;
  readonly metadata?: unknown;
  /** How many elements are written at least; what has its default is left out otherwise. */
  readonly elements?: number;
  /** Elements behind the known ones. */
  readonly extra?: readonly unknown[];
}

/** A request frame in bytes: three elements, or as many as say what is not the default; metadata takes an explicit type (SWILL-META-02). */
export function requestBytes({ seq, data = null, rpc, type = 'MESSAGE', metadata = null, elements, extra = [] }: RequestSpec): Uint8Array {
  const all = [seq, data, rpc, numberOf('client', type), metadata];
  const least = metadata === null ? (all[3] === 0 ? FEWEST.client : 4) : MOST;
  return encodeMsgpack([...all.slice(0, elements ?? (extra.length > 0 ? MOST : least)), ...extra]);
}

/** How a response frame is written. */
export interface ResponseSpec {
  readonly seq: unknown;
  readonly data?: unknown;
  readonly type?: FrameType | number;
  readonly leading?: unknown;
  readonly trailing?: unknown;
  readonly elements?: number;
  readonly extra?: readonly unknown[];
}

/** A response frame in bytes: all five elements where nothing else is said. */
export function responseBytes({
  seq,
  data = null,
  type = 'MESSAGE',
  leading = null,
  trailing = null,
  elements,
  extra = [],
}: ResponseSpec): Uint8Array {
  return encodeMsgpack([...[seq, data, numberOf('server', type), leading, trailing].slice(0, elements ?? MOST), ...extra]);
}

function numberOf(from: 'client' | 'server', type: FrameType | number): number {
  if (typeof type === 'number') return type;
  // ERROR and CLOSE have the same number, each on its own side.
  return type === 'ERROR' || type === 'CLOSE' ? 3 : typesOf(from).indexOf(type);
}

/** Bytes of a message that is given as a plain value: a list as it is, else members of a frame by name; with `rpc` it is a client's. */
export function encodePlain(message: unknown): Uint8Array {
  if (!isPlainObject(message)) return encodeMsgpack(message);
  const { seq, data, rpc, metadata, leading, trailing } = message;
  const type = isType(message['type']) ? message['type'] : Number(message['type'] ?? 0);
  return 'rpc' in message ? requestBytes({ seq, data, rpc, type, metadata }) : responseBytes({ seq, data, type, leading, trailing });
}

function isType(type: unknown): type is FrameType {
  return typeof type === 'string' && [...typesOf('client'), ...typesOf('server')].some((each) => each === type);
}
