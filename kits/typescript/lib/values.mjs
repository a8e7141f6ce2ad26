// Values as the control protocol tags them (docs/adapters.md, "Values"), and as JavaScript has them.

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const INTEGER = /^-?\d+$/;
const NUMBERS = new Set(['NaN', 'Infinity', '-Infinity', '-0']);

/** @type {Readonly<Record<string, (held: unknown) => unknown>>} */
const READ = {
  $bytes: (held) => (typeof held === 'string' && BASE64.test(held) ? new Uint8Array(Buffer.from(held, 'base64')) : malformed('$bytes')),
  $bigint: (held) => (typeof held === 'string' && INTEGER.test(held) ? BigInt(held) : malformed('$bigint')),
  $number: (held) => (typeof held === 'string' && NUMBERS.has(held) ? Number(held) : malformed('$number')),
  $undefined: (held) => (held === true ? undefined : malformed('$undefined')),
};

/**
 * @param {string} tag
 * @returns {never}
 */
function malformed(tag) {
  throw new TypeError(`a malformed ${tag}`);
}

/**
 * The value that a message holds. Throws `TypeError` where a tag holds no value of its kind.
 *
 * @param {unknown} value
 * @returns {unknown}
 */
export function fromTagged(value) {
  if (Array.isArray(value)) return value.map(fromTagged);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [tag, held] = entries.length === 1 && entries[0] !== undefined ? entries[0] : [];
  const read = tag !== undefined && Object.hasOwn(READ, tag) ? READ[tag] : undefined;
  return read === undefined ? Object.fromEntries(entries.map(([key, each]) => [key, fromTagged(each)])) : read(held);
}

/**
 * A value of the library as a message holds it. What JSON has no form for is told by the name of its class.
 *
 * @param {unknown} value
 * @returns {unknown}
 */
export function toTagged(value) {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (value === undefined) return { $undefined: true };
  if (typeof value === 'number') return taggedNumber(value);
  if (typeof value === 'bigint') return { $bigint: String(value) };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(toTagged);
  const plain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (plain) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toTagged(each)]));
  return { $opaque: value.constructor?.name ?? typeof value };
}

/** @param {number} value */
function taggedNumber(value) {
  if (Object.is(value, -0)) return { $number: '-0' };
  return Number.isFinite(value) ? value : { $number: String(value) };
}
