import type { Group } from '../group.ts';
import { Refusal } from '../refusal.ts';
import type { Call } from '../state.ts';
import type { Stream } from '../stream.ts';
import { raw } from '../words.ts';

/** The stream and the group that a command names first. Throws a Refusal where one of them is not there. */
export function groupOf({ args, keys, now }: Call): { readonly stream: Stream; readonly group: Group } {
  const [, key = new Uint8Array(0), name = new Uint8Array(0)] = args;
  const stream = keys.stream(key, now);
  const group = stream?.groups.get(raw(name));
  if (stream === undefined || group === undefined) {
    throw new Refusal(`NOGROUP No such key '${raw(key)}' or consumer group '${raw(name)}'`);
  }
  return { stream, group };
}
