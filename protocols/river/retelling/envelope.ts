import { isPlainObject, toTagged } from '../../common/value.ts';
import { ACK, CANCEL, CLOSED, OPEN } from '../message.ts';
import { type Books, mayAcknowledge } from './books.ts';
import { isMadeUp, type Names } from './names.ts';

/** A message as a binding reads it, however wrong. */
export type LooseMessage = Readonly<Record<string, unknown>>;

/** Whom a message goes from and to, and when. */
export interface Letter {
  readonly self: string;
  readonly peer: string;
  /** Ms since the trace began. */
  readonly t: number;
}

/** Which fields of an envelope are not those that a conforming peer with these books fills in. */
export interface Oddities {
  readonly seq?: unknown;
  readonly ack?: unknown;
  readonly id?: 'same-as-last';
  readonly from?: string;
  readonly to?: string;
  /** Keys that have to be laid over. */
  readonly envelope?: Readonly<Record<string, unknown>>;
}

/** Keys of an envelope that `send` has words for. */
const SAYABLE: ReadonlySet<string> = new Set([
  ...['id', 'from', 'to', 'seq', 'ack', 'streamId', 'controlFlags', 'serviceName', 'procedureName', 'payload', 'tracing'],
]);

/** What is odd about a message's envelope. Does not look at stream, flags, names and payload. */
export function odditiesOf(message: LooseMessage, books: Books, { self, peer, t }: Letter): Oddities {
  const { id, from, to, seq, ack, streamId, controlFlags } = message;
  const over: Record<string, unknown> = {};
  const odd: { -readonly [K in keyof Oddities]: Oddities[K] } = {};
  const lay = (key: string): void => {
    over[key] = Object.hasOwn(message, key) ? toTagged(message[key]) : { $undefined: true };
  };
  if (typeof seq !== 'number' || !Number.isInteger(seq)) lay('seq');
  else if (seq !== books.seq) odd.seq = near(seq - books.seq) ? offset('next', seq - books.seq) : seq;
  if (typeof ack !== 'number' || !Number.isInteger(ack)) lay('ack');
  else if (!mayAcknowledge(books, ack, t)) odd.ack = near(ack - books.ack) ? offset('current', ack - books.ack) : ack;
  if (typeof id !== 'string' || id === '') lay('id');
  else if (id === books.last?.id) odd.id = 'same-as-last';
  if (typeof from !== 'string') lay('from');
  else if (from !== self) odd.from = from;
  if (typeof to !== 'string') lay('to');
  else if (to !== peer) odd.to = to;
  if (typeof streamId !== 'string') lay('streamId');
  if (typeof controlFlags !== 'number' || !Number.isInteger(controlFlags)) lay('controlFlags');
  for (const key of Object.keys(message)) if (!SAYABLE.has(key)) lay(key);
  for (const key of ['serviceName', 'procedureName']) if (key in message && typeof message[key] !== 'string') lay(key);
  if ('tracing' in message && !isUsualTracing(message['tracing'])) lay('tracing');
  return Object.keys(over).length === 0 ? odd : { ...odd, envelope: over };
}

function near(distance: number): boolean {
  return Math.abs(distance) < 10_000;
}

function offset(base: string, distance: number): string {
  return `${base}${distance < 0 ? '' : '+'}${distance}`;
}

function isUsualTracing(tracing: unknown): boolean {
  return isPlainObject(tracing) && typeof tracing['traceparent'] === 'string' && typeof tracing['tracestate'] === 'string';
}

/** The arguments of a `send` that makes a peer write the message. Enters it into the books. */
export function sendWords(message: LooseMessage, books: Books, letter: Letter, names: Names): Record<string, unknown> {
  const { streamId, controlFlags, serviceName, procedureName } = message;
  const odd = odditiesOf(message, books, letter);
  const words: Record<string, unknown> = {};
  if (typeof streamId === 'string') {
    const named = names.stream(streamId);
    if (named !== undefined) words['stream'] = named;
    else if (isMadeUp(streamId)) words['stream'] = names.name(streamId, 'stranger');
    else words['stream-id'] = streamId;
  }
  if (typeof controlFlags === 'number' && Number.isInteger(controlFlags) && controlFlags !== 0) words['flags'] = flagWords(controlFlags);
  if (typeof serviceName === 'string') words['service'] = serviceName;
  if (typeof procedureName === 'string') words['procedure'] = procedureName;
  words['payload'] = Object.hasOwn(message, 'payload') ? toTagged(message['payload']) : { $undefined: true };
  enter(message, books, odd.seq === undefined);
  return { ...words, ...odd };
}

/** Enters a message that the peer wrote; `usesNext`: it used up the next number. */
export function enter({ id, seq }: LooseMessage, books: Books, usesNext: boolean): void {
  const number = typeof seq === 'number' && Number.isInteger(seq) ? seq : books.seq;
  if (typeof id === 'string') books.said.set(id, number);
  if (!usesNext) return;
  books.last = { seq: books.seq, id: typeof id === 'string' ? id : '' };
  books.seq += 1;
}

/** Control flags by name where they are no more than names say. */
export function flagWords(flags: number): unknown {
  const named = [
    [ACK, 'ack'],
    [OPEN, 'open'],
    [CANCEL, 'cancel'],
    [CLOSED, 'closed'],
  ] as const;
  const found = named.filter(([bit]) => (flags & bit) !== 0);
  return found.reduce((sum, [bit]) => sum + bit, 0) === flags ? found.map(([, name]) => name) : flags;
}
