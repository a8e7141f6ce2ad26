import { type RespValue, textOf } from './value.ts';

/** A value as plain values: texts (what is no UTF-8 is replaced), numbers, null, lists; a map is a list of its pairs. */
export function plainOf(value: RespValue): unknown {
  switch (value.type) {
    case 'integer':
    case 'boolean':
      return value.value;
    case 'null':
      return null;
    case 'array':
    case 'set':
    case 'push':
      return value.items.map(plainOf);
    case 'map':
      return value.entries.map(([key, inner]) => [plainOf(key), plainOf(inner)]);
    case 'attributed':
      return plainOf(value.value);
    default:
      return textOf(value);
  }
}
