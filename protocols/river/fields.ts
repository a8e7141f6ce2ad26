import type { Field } from '../common/field.ts';
import { fieldsOfJson } from '../common/fields-json.ts';
import { fieldsOfMsgpack } from '../common/fields-msgpack.ts';
import type { MessageFrame } from '../common/frame.ts';
import { flagWords } from './summary.ts';

/** What River's JSON writes as a map of one key (RIVER-CODEC-03). */
const TAGS: Readonly<Record<string, string>> = { $t: 'bytes, base64 in $t', $b: 'big integer, decimal in $b' };

/** Which bytes of a message make which of its members; control flags in words. Reads what it can of broken ones. Never throws. */
export function fieldsOf(frame: MessageFrame, codec: string): readonly Field[] {
  const fields = codec === 'json' ? withoutTags(fieldsOfJson(frame.data)) : fieldsOfMsgpack(frame.data);
  return fields.map((field) => {
    if (field.path.length !== 1 || field.path[0] !== 'controlFlags') return field;
    const says = flagWords(Number(field.text));
    return says === '' ? field : { ...field, says };
  });
}

/** A tagged value is one field: its tag is its form. */
function withoutTags(fields: readonly Field[]): readonly Field[] {
  const tagged = new Map<string, { readonly tag: string; readonly text: string | undefined }>();
  for (const { path, text } of fields) {
    const tag = path.at(-1);
    if (typeof tag === 'string' && Object.hasOwn(TAGS, tag)) tagged.set(JSON.stringify(path.slice(0, -1)), { tag, text });
  }
  if (tagged.size === 0) return fields;
  return fields.flatMap((field) => {
    const own = tagged.get(JSON.stringify(field.path));
    if (own !== undefined) return { ...field, form: TAGS[own.tag] ?? own.tag, ...(own.text === undefined ? {} : { text: own.text }) };
    return tagged.has(JSON.stringify(field.path.slice(0, -1))) ? [] : field;
  });
}
