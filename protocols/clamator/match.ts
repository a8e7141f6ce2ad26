import { plainOf } from '../carriers/resp/plain.ts';
import { mismatchOfCall, mismatchOfMembers } from '../common/match-members.ts';
import { mismatchOfPlace } from '../common/match-place.ts';
import type { MatchContext } from '../common/protocol.ts';
import type { DeliveredEvent, SentEvent } from '../common/trace.ts';
import { referenceOf } from './bind.ts';
import { kindOf } from './classify.ts';
import type { ClamatorMessage, Entry } from './message.ts';
import type { WirePattern } from './wire-pattern.ts';

/**
 * Matches a frame of a trace, sent or delivered, against a wire pattern. Returns undefined on a match, else the first reason why not.
 * Throws `TypeError` or `SyntaxError` where the pattern holds a malformed tag or regular expression.
 */
export function matchWire(pattern: WirePattern, event: FrameEvent, context: MatchContext): string | undefined {
  const { decoded } = event;
  const own = mismatchOf(pattern, event, decoded, context);
  // The answer to a transaction is that to each of its commands, too.
  const executed = own !== undefined && decoded?.ok === true && decoded.message.type === 'answer' ? (decoded.message.executed ?? []) : [];
  return executed.some((message) => mismatchOf(pattern, event, { ok: true, message }, context) === undefined) ? undefined : own;
}

type FrameEvent = SentEvent<ClamatorMessage> | DeliveredEvent<ClamatorMessage>;

function mismatchOf(pattern: WirePattern, event: FrameEvent, decoded: FrameEvent['decoded'], context: MatchContext): string | undefined {
  const kind = kindOf(event.frame, decoded);
  const elsewhere = mismatchOfPlace(pattern, event, kind);
  if (elsewhere !== undefined) return elsewhere;
  if (pattern.of !== undefined) {
    const by = context.dialledBy?.(event.connection);
    if (by !== pattern.of) return `of: expected ${pattern.of}, got ${by ?? 'nobody'}`;
  }
  const needed = Object.keys(pattern).find((key) => !['from', 'of', 'connection', 'kind'].includes(key));
  if (needed === undefined) return undefined;
  if (decoded === undefined || !decoded.ok) return `${needed}: expected a frame that can be read, got ${kind}`;
  const { message } = decoded;
  const here = () => entriesOf(message).map((entry) => referenceOf(entry, event.n));
  return mismatchOfCall(pattern.call, here, context) ?? mismatchOfMembers(pattern, MEMBERS, membersOf(message));
}

const MEMBERS = [
  ...([
    'key',
    'group',
    'consumer',
    'count',
    'block',
    'idle',
    'maxlen',
    'id',
    'after',
    'fields',
    'envelope',
    'reply-to',
    'entries',
  ] as const),
  ...(['text', 'value', 'args'] as const),
] as const;

function entriesOf(message: ClamatorMessage): readonly Entry[] {
  if (message.type === 'answer') return message.entries ?? [];
  return message.entry === undefined ? [] : [message.entry];
}

/** A key without what stands before its own name. */
export function local(key: string | undefined): string | undefined {
  return key?.replace(/^.*?:?(?=(?:cmds|replies):)/s, '');
}

function membersOf(message: ClamatorMessage): Readonly<Record<(typeof MEMBERS)[number], unknown>> {
  const { entry, ...command } = message.type === 'command' ? message : { entry: message.entries?.[0], key: message.key };
  const { group, consumer, count, block, idle, maxlen, id, from, args } = { ...NONE, ...command };
  const answer = message.type === 'answer' ? message : undefined;
  return {
    key: local(command.key),
    ...{ group, consumer, count, block, idle, maxlen, id, after: from, args },
    fields: entry?.fields.map(([name]) => name),
    envelope: entry?.envelope?.value,
    'reply-to': local(entry?.replyTo),
    entries: answer?.entries?.length,
    text: answer?.text,
    get value() {
      return answer === undefined ? undefined : plainOf(answer.reply);
    },
  };
}

type CommandMembers = Partial<
  Pick<
    Extract<ClamatorMessage, { readonly type: 'command' }>,
    'group' | 'consumer' | 'count' | 'block' | 'idle' | 'maxlen' | 'id' | 'from' | 'args'
  >
>;

const NONE: CommandMembers = {};
