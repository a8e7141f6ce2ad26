import { Refusal, syntaxError } from '../refusal.ts';
import { TRIM_LIMIT, type Trim } from '../stream.ts';
import { newId, type StreamId, strictId } from '../stream-id.ts';
import { integerArg, raw, upper } from '../words.ts';

/** The options that XADD and XTRIM share. */
export interface TrimOptions {
  readonly trim: Trim | undefined;
  readonly noStream: boolean;
  /** What XADD says of the id; undefined for `*`. */
  readonly id: { readonly id: StreamId; readonly numbered: boolean } | undefined;
  /** Where the id stands. */
  readonly at: number;
}

/** Reads them from behind the key on. Throws a Refusal for what does not fit together. */
export function trimOptions(args: readonly Uint8Array[], command: 'XADD' | 'XTRIM'): TrimOptions {
  let to: Trim['to'] | undefined;
  let approximate = false;
  let limit: number | undefined;
  let noStream = false;
  let id: TrimOptions['id'];
  let at = 2;
  for (; at < args.length; at += 1) {
    const more = args.length - at - 1;
    const word = upper(args[at]);
    if (command === 'XADD' && word === '*') break;
    if ((word === 'MAXLEN' || word === 'MINID') && more > 0) {
      if (to !== undefined) throw new Refusal('ERR syntax error, MAXLEN and MINID options at the same time are not compatible');
      const sign = args[at + 1] === undefined ? '' : raw(args[at + 1] ?? new Uint8Array(0));
      approximate = more >= 2 && sign === '~';
      if (more >= 2 && (sign === '~' || sign === '=')) at += 1;
      at += 1;
      if (word === 'MINID') to = { minid: strictId(args[at]) };
      else {
        const maxlen = integerArg(args[at]);
        if (maxlen < 0) throw new Refusal('ERR The MAXLEN argument must be >= 0.');
        to = { maxlen };
      }
    } else if (word === 'LIMIT' && more > 0) {
      at += 1;
      limit = integerArg(args[at]);
      if (limit < 0) throw new Refusal('ERR The LIMIT argument must be >= 0.');
    } else if (command === 'XADD' && word === 'NOMKSTREAM') noStream = true;
    else if (command === 'XADD') {
      id = newId(args[at]);
      break;
    } else throw syntaxError();
  }
  if (limit !== undefined && limit > 0 && to === undefined) {
    throw new Refusal('ERR syntax error, LIMIT cannot be used without specifying a trimming strategy');
  }
  if (command === 'XTRIM' && to === undefined) throw new Refusal('ERR syntax error, XTRIM must be called with a trimming strategy');
  if (limit !== undefined && !approximate) throw new Refusal('ERR syntax error, LIMIT cannot be used without the special ~ option');
  const trim = to && { to, approximate, limit: limit ?? (approximate ? TRIM_LIMIT : 0) };
  return { trim, noStream, id, at };
}
