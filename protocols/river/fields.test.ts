import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Field } from '../common/field.ts';
import { isPlainObject } from '../common/value.ts';
import { encodeMessage } from './codec.ts';
import { decodeJson } from './codec-json.ts';
import { fieldsOf } from './fields.ts';

const fieldsIn = (data: Uint8Array, codec: string): readonly Field[] =>
  fieldsOf({ kind: 'message', class: 'data', text: false, data }, codec);
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const short = ({ path, at, form, says, text }: Field): string =>
  [path.join('.'), at.join('-'), form, says, text].filter((part) => part !== undefined).join(' | ');

describe('fields of JSON', () => {
  it('begin with their key, and hold what is in them', () => {
    const data = new TextEncoder().encode('{ "a": {"é": [1, "x"]}, "controlFlags": 10, "b": {"$t": "AAE="} }');
    expect(fieldsIn(data, 'json').map(short)).toEqual([
      ' | 0-66',
      'a | 2-23',
      'a.é | 8-22',
      'a.é.0 | 15-16 | 1',
      'a.é.1 | 18-21 | "x"',
      'controlFlags | 25-43 | open, closed | 10',
      'b | 45-64 | bytes, base64 in $t | "AAE="',
    ]);
  });

  it.each(['', '{', '{"a', '{"a":', '[1,', '}}', '{"a":"\\', 'nonsense', '[[[[', '\u0000'])(
    'of a broken text are those that are whole: %s',
    (text) => {
      expect(() => fieldsIn(new TextEncoder().encode(text), 'json')).not.toThrow();
    },
  );
});

describe('fields of MessagePack', () => {
  it('say in which of its forms each value is written, and each key that is no text', () => {
    const data = hex('83 a1 61 cd 0001 01 92 c3 a1 78 a1 62 d5 00 a1 35');
    expect(fieldsIn(data, 'msgpack').map(short)).toEqual([
      ' | 0-17 | fixmap',
      'a | 1-6 | uint 16 | 1',
      '1 | 6-11 | key fixint, fixarray',
      '1.0 | 8-9 | bool | true',
      '1.1 | 9-11 | fixstr | "x"',
      'b | 11-17 | ext 0 | 2 bytes a135',
    ]);
  });

  it('of bytes that break off are those that are whole', () => {
    expect(fieldsIn(hex('82 a1 61 01 a1 62 d9 ff 00'), 'msgpack').map(short)).toEqual([' | 0-9 | fixmap', 'a | 1-4 | fixint | 1']);
  });
});

const key = fc.string({ maxLength: 8 }).filter((name) => name !== '__proto__' && !name.startsWith('$'));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(fc.string(), fc.maxSafeInteger(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}));

/** Paths of all members, from the root on. */
function pathsOf(of: unknown, path: readonly (string | number)[] = []): string[] {
  const members: [string | number, unknown][] = Array.isArray(of) ? [...of.entries()] : isPlainObject(of) ? Object.entries(of) : [];
  return [JSON.stringify(path), ...members.flatMap(([name, member]) => pathsOf(member, [...path, name]))];
}

it.each(['json', 'msgpack'])('every member of whatever %s message has its field, inside that of what holds it', (codec) => {
  fc.assert(
    fc.property(value, (payload) => {
      const fields = fieldsIn(encodeMessage({ payload }, codec), codec);
      expect(fields.map(({ path }) => JSON.stringify(path)).sort()).toEqual(pathsOf({ payload }).sort());
      const places = new Map(fields.map(({ path, at }) => [JSON.stringify(path), at]));
      for (const { path, at } of fields) {
        const outer = path.length === 0 ? at : (places.get(JSON.stringify(path.slice(0, -1))) ?? [0, 0]);
        expect(at[0] >= outer[0] && at[1] <= outer[1] && at[0] < at[1]).toBe(true);
      }
    }),
  );
});

it('the bytes of a JSON field are its key and its value', () => {
  fc.assert(
    fc.property(value, (payload) => {
      const data = encodeMessage({ payload }, 'json');
      const at = fieldsIn(data, 'json').find(({ path }) => path.length === 1)?.at ?? [0, 0];
      const member = Buffer.concat([Buffer.from('{'), Buffer.from(data.subarray(at[0], at[1])), Buffer.from('}')]);
      expect(decodeJson(member)).toEqual(decodeJson(data));
    }),
  );
});
