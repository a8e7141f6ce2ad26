/** Codes of ERROR frames (notes, section 1). */
export const ERROR_CODES = {
  INVALID_SETUP: 0x001,
  UNSUPPORTED_SETUP: 0x002,
  REJECTED_SETUP: 0x003,
  REJECTED_RESUME: 0x004,
  CONNECTION_ERROR: 0x101,
  CONNECTION_CLOSE: 0x102,
  APPLICATION_ERROR: 0x201,
  REJECTED: 0x202,
  CANCELED: 0x203,
  INVALID: 0x204,
} as const;

/** Name of a code that the protocol assigns. */
export type ErrorName = keyof typeof ERROR_CODES;

/** First and last code that applications define. */
export const APPLICATION_CODES = [0x301, 0xff_ff_ff_fe] as const;

/**
 * What an application reads where no ERROR frame ended its call: the connection was lost, or closed by itself. It is no name of a
 * code, so that the two cannot be taken for each other.
 */
export const CLOSED = 'CLOSED';

const names = new Map<number, string>(Object.entries(ERROR_CODES).map(([name, code]) => [code, name]));

/** `REJECTED`; codes without a name as `0x00000301`. */
export function errorName(code: number): string {
  return names.get(code) ?? `0x${code.toString(16).padStart(8, '0')}`;
}

/** The code that a name or `0x…` stands for; undefined for other texts. */
export function errorCode(name: string): number | undefined {
  if (/^0x[0-9a-f]{1,8}$/i.test(name)) return Number(name);
  return Object.hasOwn(ERROR_CODES, name) ? ERROR_CODES[name as ErrorName] : undefined;
}

/** Where a code may appear: on the connection, on a stream, or nowhere (RSOCKET-ERROR-01). */
export function placeOf(code: number): 'connection' | 'stream' | 'reserved' {
  if (code >= ERROR_CODES.INVALID_SETUP && code <= ERROR_CODES.REJECTED_RESUME) return 'connection';
  if (code === ERROR_CODES.CONNECTION_ERROR || code === ERROR_CODES.CONNECTION_CLOSE) return 'connection';
  if (code >= ERROR_CODES.APPLICATION_ERROR && code <= ERROR_CODES.INVALID) return 'stream';
  return code >= APPLICATION_CODES[0] && code <= APPLICATION_CODES[1] ? 'stream' : 'reserved';
}
