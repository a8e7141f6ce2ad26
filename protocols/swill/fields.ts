import type { Field } from '../common/field.ts';
import { fieldsOfMsgpack } from '../common/fields-msgpack.ts';
import type { MessageFrame, Role } from '../common/frame.ts';
import { typesOf } from './frame.ts';

const NAMES: Readonly<Record<Role, readonly string[]>> = {
  client: ['seq', 'data', 'rpc', 'type', 'metadata'],
  server: ['seq', 'data', 'type', 'leading', 'trailing'],
};

/** Which bytes of a frame make which of its members; of broken ones as far as they can be read. Never throws. */
export function fieldsOf(frame: MessageFrame, from: Role): readonly Field[] {
  if (frame.text) return [{ path: [], at: [0, frame.data.length], form: 'text' }];
  return fieldsOfMsgpack(frame.data).map((field) => {
    const [index, ...rest] = field.path;
    const name = typeof index === 'number' ? NAMES[from][index] : undefined;
    if (name === undefined) return field;
    const says = name === 'type' && rest.length === 0 ? typesOf(from)[Number(field.text)] : undefined;
    return { ...field, path: [name, ...rest], ...(says === undefined ? {} : { says }) };
  });
}
