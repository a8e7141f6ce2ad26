import { integer } from '../../../../protocols/carriers/resp/value.ts';
import { Group } from '../group.ts';
import { Refusal } from '../refusal.ts';
import { OK } from '../reply.ts';
import { type Call, type Outcome, signal } from '../state.ts';
import type { Stream } from '../stream.ts';
import { looseId, strictId } from '../stream-id.ts';
import { integerArg, raw, upper } from '../words.ts';

const NO_KEY =
  'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.';

/** XGROUP CREATE: a group that begins behind an id, and with MKSTREAM a stream where there was none. */
export function create(call: Call): Outcome {
  const { args, keys, now } = call;
  const { makesStream, read } = groupOptions(args, true);
  const key = args[2] ?? new Uint8Array(0);
  const there = keys.stream(key, now);
  if (there === undefined && !makesStream) throw new Refusal(NO_KEY);
  const id = isLast(args[4]) ? (there?.lastId ?? 0n) : strictId(args[4]);
  const stream = there ?? keys.createStream(key);
  const name = raw(args[3] ?? new Uint8Array(0));
  if (stream.groups.has(name)) throw new Refusal('BUSYGROUP Consumer Group name already exists');
  stream.groups.set(name, new Group(id, read));
  return OK;
}

/** XGROUP SETID: from where the group reads on. */
export function setId(call: Call): Outcome {
  const { read } = groupOptions(call.args, false);
  const { stream, group } = existing(call);
  group.lastId = isLast(call.args[4]) ? stream.lastId : looseId(call.args[4]);
  group.read = read;
  return OK;
}

/** XGROUP DESTROY: the group with all that is pending. Who waits in it is told. */
export function destroy({ args, keys, now, state, connection }: Call): Outcome {
  const key = args[2] ?? new Uint8Array(0);
  const stream = keys.stream(key, now);
  if (stream === undefined) throw new Refusal(NO_KEY);
  if (!stream.groups.delete(raw(args[3] ?? new Uint8Array(0)))) return integer(0);
  signal(state.ready, connection.database, raw(key));
  return integer(1);
}

/** XGROUP CREATECONSUMER: 1 where there was none of that name. */
export function createConsumer(call: Call): Outcome {
  const { group } = existing(call);
  const name = raw(call.args[4] ?? new Uint8Array(0));
  if (group.consumer(name) !== undefined) return integer(0);
  group.create(name, call.now);
  return integer(1);
}

/** XGROUP DELCONSUMER: how much was pending for it, which is pending no longer. */
export function deleteConsumer(call: Call): Outcome {
  const { group } = existing(call);
  const consumer = group.consumer(raw(call.args[4] ?? new Uint8Array(0)));
  if (consumer === undefined) return integer(0);
  const pending = consumer.pending.size;
  group.remove(consumer);
  return integer(pending);
}

function existing({ args, keys, now }: Call): { readonly stream: Stream; readonly group: Group } {
  const [, , key = new Uint8Array(0), name = new Uint8Array(0)] = args;
  const stream = keys.stream(key, now);
  if (stream === undefined) throw new Refusal(NO_KEY);
  const group = stream.groups.get(raw(name));
  if (group === undefined) throw new Refusal(`NOGROUP No such consumer group '${raw(name)}' for key name '${raw(key)}'`);
  return { stream, group };
}

const isLast = (arg: Uint8Array | undefined): boolean => arg !== undefined && raw(arg) === '$';

function groupOptions(args: readonly Uint8Array[], creates: boolean): { readonly makesStream: boolean; readonly read: number | undefined } {
  let makesStream = false;
  let read: number | undefined;
  for (let i = 5; i < args.length; i += 1) {
    const word = upper(args[i]);
    if (creates && word === 'MKSTREAM') makesStream = true;
    else if (word === 'ENTRIESREAD' && i + 1 < args.length) {
      i += 1;
      const value = integerArg(args[i]);
      if (value < -1) throw new Refusal('ERR value for ENTRIESREAD must be positive or -1');
      read = value === -1 ? undefined : value;
    } else {
      const name = raw(args[1] ?? new Uint8Array(0));
      throw new Refusal(`ERR unknown subcommand or wrong number of arguments for '${name}'. Try XGROUP HELP.`);
    }
  }
  return { makesStream, read };
}
