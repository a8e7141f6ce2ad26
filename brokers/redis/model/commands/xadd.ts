import { integer } from '../../../../protocols/carriers/resp/value.ts';
import { Refusal, wrongArity } from '../refusal.ts';
import { NOTHING } from '../reply.ts';
import { type Call, type Outcome, signal } from '../state.ts';
import type { Stream } from '../stream.ts';
import { idReply, MAX_ID, msOf, type StreamId, seqOf } from '../stream-id.ts';
import { raw } from '../words.ts';
import { type TrimOptions, trimOptions } from './trim-options.ts';

/** XADD: one more entry, and perhaps some of the oldest fewer. */
export function xadd({ args, keys, now, connection, state }: Call): Outcome {
  const options = trimOptions(args, 'XADD');
  const fields = args.slice(options.at + 1);
  if (fields.length < 2 || fields.length % 2 === 1) throw wrongArity('xadd');
  if (options.id?.numbered === true && options.id.id === 0n) throw new Refusal('ERR The ID specified in XADD must be greater than 0-0');
  const key = args[1] ?? new Uint8Array(0);
  const there = keys.stream(key, now);
  if (there === undefined && options.noStream) return NOTHING;
  const stream = there ?? keys.createStream(key);
  if (stream.lastId === MAX_ID) throw new Refusal('ERR The stream has exhausted the last possible ID, unable to add more items');
  const id = idFor(stream, options.id, now);
  if (id === undefined || id <= stream.lastId) {
    throw new Refusal('ERR The ID specified in XADD is equal or smaller than the target stream top item');
  }
  stream.add(id, fields);
  if (options.trim !== undefined) stream.trim(options.trim);
  signal(state.ready, connection.database, raw(key));
  keys.touch(key);
  return idReply(id);
}

/** XTRIM: some of the oldest entries fewer. */
export function xtrim({ args, keys, now }: Call): Outcome {
  const { trim } = trimOptions(args, 'XTRIM');
  const stream = keys.stream(args[1], now);
  const trimmed = stream === undefined || trim === undefined ? 0 : stream.trim(trim);
  if (trimmed > 0) keys.touch(args[1]);
  return integer(trimmed);
}

/** The id of a new entry; undefined where there is none for it. */
function idFor(stream: Stream, given: TrimOptions['id'], now: number): StreamId | undefined {
  if (given === undefined) return stream.nextId(now);
  if (given.numbered || msOf(stream.lastId) !== msOf(given.id)) return given.id;
  return seqOf(stream.lastId) === 2n ** 64n - 1n ? undefined : stream.lastId + 1n;
}
