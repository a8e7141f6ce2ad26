import { oddFormsOfJson } from '../forms/json-forms.ts';
import { oddFormsOfMsgpack } from '../forms/msgpack-forms.ts';
import type { OddForm, OddFormKind } from '../forms/odd-form.ts';
import { eventInvariant } from './judging.ts';

/**
 * Values in the form that their codec gives them, where tolerant receivers could read another one as well: text for keys,
 * each key once, base64 with its padding, small big integers as numbers under MessagePack (RIVER-CODEC-03, -04), integers
 * within 53 bits (RIVER-CODEC-05), integers and no floats in the envelope (RIVER-MSG-01) and in handshakes (RIVER-HS-03).
 */
export const codecForms = eventInvariant(
  'codec-forms',
  ['RIVER-CODEC-03', 'RIVER-CODEC-04', 'RIVER-CODEC-05', 'RIVER-MSG-01', 'RIVER-HS-03'],
  (_facts, check) => ({
    observe: (event) => {
      if (event.type !== 'sent' || event.frame.class !== 'data' || event.frame.text || event.decoded?.ok !== true) return;
      // Of a frame without its secrets the bytes are not all its sender's.
      if (event.masked === true) return;
      const { data } = event.frame;
      const msgpack = isMsgpack(data);
      const codecRule = msgpack ? 'RIVER-CODEC-04' : 'RIVER-CODEC-03';
      const odd = msgpack ? oddFormsOfMsgpack(data) : oddFormsOfJson(data);
      for (const form of odd) check(false, ruleOf(form, codecRule), event.from, () => sentence(form), [event.n]);
      if (odd.length === 0) for (const rule of [codecRule, 'RIVER-CODEC-05']) check(true, rule, event.from);
    },
  }),
);

/** A message is a map, and no map of MessagePack begins with what JSON may begin with: a brace, white space, a byte order mark. */
function isMsgpack([first = 0]: Uint8Array): boolean {
  return (first & 0xf0) === 0x80 || first === 0xde || first === 0xdf;
}

function ruleOf({ what, at }: OddForm, codecRule: string): string {
  if (what === 'integer') return 'RIVER-CODEC-05';
  if (what === 'float') return at.startsWith('/payload') ? 'RIVER-HS-03' : 'RIVER-MSG-01';
  return codecRule;
}

const wrong: Readonly<Record<OddFormKind, string>> = {
  key: 'a key of a map that is no text',
  'repeated-key': 'a key that its map has already',
  integer: 'a number that is read as another one where integers have 53 bits',
  float: 'a float where an integer belongs',
  text: 'text that is not UTF-8',
  'byte-order-mark': 'a byte order mark before the message',
  bytes: 'bytes that are not written as base64 with padding',
  'big-integer': 'a big integer in another form than digits, or a number within 53 bits under MessagePack',
  tag: 'a tag among other keys, which are lost',
};

function sentence({ what, at, shown }: OddForm): string {
  return `${wrong[what]}: ${shown} at ${at === '' ? 'the root' : at}`;
}
