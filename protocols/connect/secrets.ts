import type { ConnectMessage } from './message.ts';
import { isReserved } from './metadata.ts';

/** Names that stand before secrets in a frame that cannot be read. */
export const secretWords: readonly string[] = ['authorization', 'cookie', 'set-cookie'];

/** What stands before the name of trailing metadata in the head of an answer. */
const TRAILER = /^trailer-/i;

/** Whether the value of a field must not be told: metadata, which is all that is not HTTP's or Connect's own, and what its name says. */
export function isSecretField(name: string, isSecret: (name: string) => boolean): boolean {
  return !isReserved(name) || isSecret(name) || isSecret(name.replace(TRAILER, ''));
}

/** Where a frame carries secrets: in the fields of heads and of trailers, and in the metadata that ends a stream. */
export function secretPaths(message: ConnectMessage, isSecret: (name: string) => boolean): readonly (readonly string[])[] {
  switch (message.type) {
    case 'request':
    case 'response':
    case 'end':
      return message.fields.flatMap(({ name }, i) => (isSecretField(name, isSecret) ? [['fields', String(i), 'value']] : []));
    default:
      return [];
  }
}
