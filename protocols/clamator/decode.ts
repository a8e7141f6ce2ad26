import { type Command, decodeCommand, decodeValue } from '../carriers/resp/decode.ts';
import { type RespValue, textOf } from '../carriers/resp/value.ts';
import type { MessageFrame } from '../common/frame.ts';
import type { Meter } from '../common/limits.ts';
import type { Decoded } from '../common/trace.ts';
import { readEnvelope } from './envelope.ts';
import type { AnswerMessage, ClamatorMessage, CommandMessage, Entry } from './message.ts';

const fromUtf8 = new TextDecoder();
const STREAM_ID = /^\d+-\d+$/;

/** Reads a frame. Which command an answer answers its form does not say; the trace does (`ledger.ts`). Never throws. */
export function decode(frame: MessageFrame, meter?: Meter): Decoded<ClamatorMessage> {
  const read = frame.kind === 'command' ? decodeCommand(frame.data) : decodeValue(frame.data);
  if (!read.ok) return read;
  const message = 'args' in read.value ? commandOf(read.value) : answerOf(read.value);
  const error = meter?.spend(('args' in read.value ? read.value.args.length : sizeOf(read.value)) + valuesIn(message));
  return error === undefined ? { ok: true, message } : { ok: false, error };
}

/** Values that a reply is made of. */
function sizeOf(value: RespValue): number {
  switch (value.type) {
    case 'array':
    case 'set':
    case 'push':
      return value.items.reduce((sum, item) => sum + sizeOf(item), 1);
    case 'map':
      return value.entries.reduce((sum, [key, inner]) => sum + sizeOf(key) + sizeOf(inner), 1);
    case 'attributed':
      return 1 + sizeOf(value.value);
    default:
      return 1;
  }
}

/** Values in the JSON of a message. */
function valuesIn(message: ClamatorMessage): number {
  const entries = message.type === 'answer' ? (message.entries ?? []) : message.entry === undefined ? [] : [message.entry];
  return entries.reduce((sum, { envelope }) => sum + (envelope?.values ?? 0), 0);
}

/** A command, taken apart as far as clamator's commands go. */
export function commandOf(command: Command): CommandMessage {
  const [first = '', ...args] = command.args.map((arg) => fromUtf8.decode(arg));
  const single = first.toUpperCase();
  const hasSub = single === 'XGROUP' || single === 'CLIENT' || single === 'XINFO';
  const name = hasSub ? `${single} ${(args[0] ?? '').toUpperCase()}`.trim() : single;
  const base = { type: 'command' as const, name, args: hasSub ? args.slice(1) : args, command };
  switch (name) {
    case 'XADD':
      return { ...base, ...xadd(command, args) };
    case 'XREAD':
    case 'XREADGROUP':
      return { ...base, ...read(args) };
    case 'XACK': {
      const [key, group, ...ids] = args;
      return { ...base, ...given({ key, group }), ids };
    }
    case 'XAUTOCLAIM': {
      const [key, group, consumer, idle, from] = args;
      return {
        ...base,
        ...given({ key, group, consumer, idle: numberOf(idle), from, count: numberBehind('COUNT', capitals(args), args) }),
      };
    }
    case 'XGROUP CREATE': {
      const [, key, group, from] = args;
      return { ...base, ...given({ key, group, from }) };
    }
    default:
      return { ...base, ...given({ key: KEYED.has(single) ? base.args[0] : undefined }) };
  }
}

/** Commands whose first argument is a key. */
const KEYED: ReadonlySet<string> = new Set([
  ...([
    'DEL',
    'UNLINK',
    'EXISTS',
    'TTL',
    'EXPIRE',
    'PEXPIRE',
    'SET',
    'GET',
    'TYPE',
    'XLEN',
    'XRANGE',
    'XREVRANGE',
    'XDEL',
    'XTRIM',
  ] as const),
  ...(['XPENDING', 'XCLAIM', 'XSETID', 'LPUSH', 'RPUSH', 'SADD', 'ZADD', 'HSET', 'INCR', 'PUBLISH', 'XGROUP', 'XINFO'] as const),
]);

function xadd({ args: bytes }: Command, args: readonly string[]): Partial<CommandMessage> {
  const [key] = args;
  let at = 1;
  let maxlen: string | undefined;
  for (; at < args.length; at += 1) {
    const word = (args[at] ?? '').toUpperCase();
    if (word === 'NOMKSTREAM') continue;
    if (word !== 'MAXLEN' && word !== 'MINID') break;
    const hasMark = args[at + 1] === '~' || args[at + 1] === '=';
    maxlen = args.slice(at + 1, at + (hasMark ? 3 : 2)).join(' ');
    at += hasMark ? 2 : 1;
    if ((args[at + 1] ?? '').toUpperCase() === 'LIMIT') at += 2;
  }
  // The name of the command stands before its arguments.
  return { ...given({ key, maxlen, id: args[at] }), entry: entryOf(bytes.slice(at + 2), undefined, args.slice(at + 1)) };
}

/** An entry of names and values, one after the other; `texts` are what they say, where that is known. */
export function entryOf(flat: readonly Uint8Array[], id?: string, texts?: readonly string[]): Entry {
  const fields: [string, string][] = [];
  let envelope: Entry['envelope'];
  let replyTo: string | undefined;
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const value = flat[i + 1] ?? NOTHING;
    const called = texts?.[i] ?? fromUtf8.decode(flat[i]);
    const text = texts?.[i + 1] ?? fromUtf8.decode(value);
    fields.push([called, text]);
    if (called === 'envelope') envelope ??= readEnvelope(value, text);
    if (called === 'reply-to') replyTo ??= text;
  }
  return { fields, ...given({ id, envelope, replyTo }) };
}

const NOTHING = new Uint8Array(0);

function read(args: readonly string[]): Partial<CommandMessage> {
  const upper = capitals(args);
  const streams = upper.indexOf('STREAMS');
  const [group, consumer] = upper[0] === 'GROUP' ? args.slice(1, 3) : [];
  const named = streams < 0 ? [] : args.slice(streams + 1);
  const half = named.length / 2;
  return given({
    group,
    consumer,
    count: numberBehind('COUNT', upper, args),
    block: numberBehind('BLOCK', upper, args),
    key: named[0],
    from: half === 1 ? named[1] : named[half],
  });
}

const capitals = (args: readonly string[]): string[] => args.map((arg) => arg.toUpperCase());

/** The number behind a word; `upper` are the arguments in capitals. */
function numberBehind(word: string, upper: readonly string[], args: readonly string[]): number | undefined {
  const at = upper.indexOf(word);
  return at < 0 ? undefined : numberOf(args[at + 1]);
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** A reply, or one that stands in that to an EXEC. */
export function answerOf(reply: RespValue): AnswerMessage {
  return { type: 'answer', ...saidBy(reply), reply };
}

/** What an answer says, taken apart. */
function saidBy(reply: RespValue): Omit<AnswerMessage, 'type' | 'reply'> {
  switch (reply.type) {
    case 'attributed':
      return saidBy(reply.value);
    case 'push':
      return { form: 'push' };
    case 'error':
    case 'bulk-error':
      return { form: 'error', text: textOf(reply) ?? '' };
    case 'simple':
      return { form: 'status', text: textOf(reply) ?? '' };
    case 'integer':
      return { form: 'integer' };
    case 'null':
      return { form: 'nothing' };
    case 'bulk':
    case 'verbatim': {
      const text = textOf(reply) ?? '';
      return { form: STREAM_ID.test(text) ? 'id' : 'value', text };
    }
    case 'array':
    case 'map': {
      const read = streamsOf(reply);
      if (read !== undefined) return { form: 'entries', ...read };
      const claimed = reply.type === 'array' ? claimedOf(reply.items) : undefined;
      if (claimed !== undefined) return { form: 'claimed', entries: claimed };
      const executed = reply.type === 'array' ? executedOf(reply.items) : undefined;
      return executed === undefined ? { form: 'value' } : { form: 'executed', executed };
    }
    default:
      return { form: 'value' };
  }
}

/** What XREAD and XREADGROUP answer: entries by stream, a list of pairs in RESP2 and a map in RESP3. The first stream. */
function streamsOf(reply: RespValue): { readonly key: string; readonly entries: readonly Entry[] } | undefined {
  const pairs =
    reply.type === 'map'
      ? reply.entries
      : reply.type === 'array'
        ? reply.items.map((item) => (item.type === 'array' ? ([item.items[0], item.items[1]] as const) : ([undefined, undefined] as const)))
        : [];
  const [first] = pairs;
  const [key, list] = first ?? [];
  if (key?.type !== 'bulk' || list?.type !== 'array') return undefined;
  const entries = list.items.map(entryIn);
  return entries.every((entry) => entry !== undefined) ? { key: textOf(key) ?? '', entries } : undefined;
}

/** What XAUTOCLAIM answers: a cursor, entries, and since 7.0 the ids of those that are gone. */
function claimedOf(items: readonly RespValue[]): readonly Entry[] | undefined {
  const [cursor, list] = items;
  if (items.length < 2 || items.length > 3 || cursor?.type !== 'bulk' || list?.type !== 'array') return undefined;
  if (!STREAM_ID.test(textOf(cursor) ?? '')) return undefined;
  // Before 7.0 one that is gone is nothing.
  const entries = list.items.filter(({ type }) => type !== 'null').map(entryIn);
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
}

/** What an EXEC answers, as far as its form says so: what writes to streams are answered with, one after the other. */
function executedOf(items: readonly RespValue[]): readonly AnswerMessage[] | undefined {
  const isWritten = ({ type }: RespValue): boolean => ['simple', 'error', 'integer', 'bulk'].includes(type);
  if (items.length === 0 || !items.every(isWritten)) return undefined;
  const answers = items.map(answerOf);
  return answers.some(({ form }) => form === 'value') ? undefined : answers;
}

function entryIn(item: RespValue): Entry | undefined {
  if (item.type !== 'array') return undefined;
  const [id, fields] = item.items;
  if (id?.type !== 'bulk' || !STREAM_ID.test(textOf(id) ?? '')) return undefined;
  // One that is pending and gone has no fields.
  if (fields?.type === 'null') return entryOf([], textOf(id));
  if (fields?.type !== 'array') return undefined;
  return entryOf(
    fields.items.map((field) => (field.type === 'bulk' ? field.data : NOTHING)),
    textOf(id),
  );
}

/** The members that are there. */
function given<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const there: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  // Each name is one of its members, and what is undefined is left out.
  for (const name in members) if (members[name] !== undefined) there[name] = members[name] as Exclude<T[typeof name], undefined>;
  return there;
}
