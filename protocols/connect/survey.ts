import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { latin1 } from '../common/latin1.ts';
import { type Limits, MESSAGE_LIMITS } from '../common/limits.ts';
import { surveyJson } from '../common/survey-json.ts';
import type { Codec } from './codec.ts';

/** How many values the bytes of a message hold, told before they are decoded. Throws a RangeError where they are too many, or too deep. */
export function valuesIn(bytes: Uint8Array, codec: Codec, type: DescMessage | undefined, limits: Limits = MESSAGE_LIMITS): number {
  const surveyed = codec === 'json' ? surveyJson(latin1(bytes), limits) : surveyProto(bytes, type, limits);
  if (!surveyed.ok) throw new RangeError(surveyed.error);
  return surveyed.values;
}

/** JSON in UTF-8, within what a message may hold. Throws a RangeError where it is more, another Error where it is none. */
export function readJson(bytes: Uint8Array): unknown {
  valuesIn(bytes, 'json', undefined);
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

const [VARINT, FIXED64, LENGTH, START, END, FIXED32] = [0, 1, 2, 3, 4, 5];

/** Looks at a message of Protobuf once, without decoding it. What is malformed may pass. */
function surveyProto(bytes: Uint8Array, type: DescMessage | undefined, limits: Limits): ReturnType<typeof surveyJson> {
  /** Messages that are open: where they end, and what they are. */
  const open: { readonly end: number; readonly type: DescMessage | undefined }[] = [{ end: bytes.length, type }];
  let groups = 0;
  let values = 1;
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; at < bytes.length; shift += 7) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < bytes.length) {
    while (open.length > 1 && at >= (open.at(-1)?.end ?? 0)) open.pop();
    const tag = varint();
    values += 1;
    switch (tag % 8) {
      case VARINT:
        varint();
        break;
      case FIXED64:
        at += 8;
        break;
      case FIXED32:
        at += 4;
        break;
      case START:
        groups += 1;
        break;
      case END:
        groups -= 1;
        break;
      case LENGTH: {
        const length = varint();
        const inner = messageOf(open.at(-1)?.type?.fields.find(({ number }) => number === Math.floor(tag / 8)));
        if (inner === undefined) at += length;
        else open.push({ end: at + length, type: inner });
        break;
      }
      default:
        return { ok: true, values };
    }
    if (open.length + groups > limits.depth) return { ok: false, error: `nested more than ${limits.depth} levels deep` };
    if (values > limits.values) return { ok: false, error: `more than ${limits.values} values` };
  }
  return { ok: true, values };
}

function messageOf(field: DescField | undefined): DescMessage | undefined {
  return field?.fieldKind === 'message' || (field?.fieldKind === 'list' && field.listKind === 'message') ? field.message : undefined;
}
