/**
 * Something that the bytes of a message say in a form of its own, and that a tolerant decoder converts, so that nobody who
 * looks at decoded messages can tell. What a decoder refuses is none of these.
 */
export interface OddForm {
  readonly what: OddFormKind;
  /** JSON pointer to where it stands in the message; '' is the root. */
  readonly at: string;
  /** What stands there, as people read it. */
  readonly shown: string;
}

/**
 * - key: a key of a map that is no text
 * - repeated-key: a key that the map has already; of the two values one is lost
 * - integer: a number that a receiver with 53 bits for integers reads as another one
 * - float: a number that is written as a float, where the message says an integer
 * - text: text that is not UTF-8
 * - byte-order-mark: one before the message
 * - bytes: a byte string in another form than base64 with padding
 * - big-integer: a big integer in another form than the codec has for it
 * - tag: a tag among other keys, which a receiver loses
 */
export type OddFormKind = 'key' | 'repeated-key' | 'integer' | 'float' | 'text' | 'byte-order-mark' | 'bytes' | 'big-integer' | 'tag';

/** Where the messages of River say an integer: in the envelope and in handshake requests. */
export const INTEGER_PLACES: ReadonlySet<string> = new Set([
  '/seq',
  '/ack',
  '/controlFlags',
  '/payload/expectedSessionState/nextExpectedSeq',
  '/payload/expectedSessionState/nextSentSeq',
]);

/** Steps from the root of a message, as a JSON pointer. */
export function pointer(steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Digits as every receiver reads them: no sign but a minus, no zeros in front. */
export const DECIMAL = /^(?:0|-?[1-9]\d*)$/;
