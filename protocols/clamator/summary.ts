import { plainOf } from '../carriers/resp/plain.ts';
import type { Frame } from '../common/frame.ts';
import { show } from '../common/show.ts';
import type { Decoded } from '../common/trace.ts';
import { kindOf } from './classify.ts';
import type { AnswerMessage, ClamatorMessage, Entry } from './message.ts';

/** One line for people: `XADD w:cmds:calc request calc.add {"a":2,"b":40} id "7" reply-to w:replies:c1`. */
export function summarise(frame: Frame, decoded: Decoded<ClamatorMessage> | undefined): string {
  if (frame.class !== 'data') return frame.kind;
  if (decoded?.ok !== true)
    return `${kindOf(frame, decoded)} ${frame.data.length} bytes${decoded === undefined ? '' : `: ${decoded.error}`}`;
  const { message } = decoded;
  if (message.type === 'command') {
    const { name, args, key, entry, maxlen } = message;
    if (entry === undefined) return [name, ...args].join(' ').slice(0, 300);
    return [name, key, ...(maxlen === undefined ? [] : [`MAXLEN ${maxlen}`]), entryText(entry)].join(' ');
  }
  return answerText(message);
}

/** Answers of a transaction that are told one by one. */
const SHOWN = 16;

function answerText({ form, entries, executed, key, text, reply }: AnswerMessage): string {
  if (executed !== undefined) {
    const more = executed.length > SHOWN ? ` and ${executed.length - SHOWN} more` : '';
    return `${form} ${executed.slice(0, SHOWN).map(answerText).join(', ')}${more}`;
  }
  if (entries !== undefined) return [form, key, ...entries.map((entry) => `${entry.id} ${entryText(entry)}`)].filter(Boolean).join(' ');
  return `${form} ${text ?? show(plainOf(reply))}`;
}

function entryText({ envelope, replyTo, fields }: Entry): string {
  const to = replyTo === undefined ? '' : ` reply-to ${replyTo}`;
  if (envelope === undefined) return `without an envelope ${show(Object.fromEntries(fields))}${to}`;
  if (envelope.unread !== undefined) return `an envelope that is ${envelope.unread}${to}`;
  return `${envelope.kind} ${show(envelope.value)}${to}`;
}
