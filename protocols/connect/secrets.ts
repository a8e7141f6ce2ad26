import type { ConnectMessage } from './message.ts';

/** Names that stand before secrets in a frame that cannot be read. */
export const secretWords: readonly string[] = ['authorization', 'cookie', 'set-cookie'];

/** Where a frame carries secrets: the values of fields by which a client says who it is. */
export function secretPaths(message: ConnectMessage): readonly (readonly string[])[] {
  if (message.type !== 'request' && message.type !== 'response') return [];
  return message.fields.flatMap(({ name }, i) => (secretWords.includes(name.toLowerCase()) ? [['fields', String(i), 'value']] : []));
}
