import { joinedValue } from '../carriers/http/head.ts';
import type { Binding } from '../common/binding.ts';
import { connectCarrier } from './carrier.ts';
import { type Codec, codecNamed } from './codec.ts';
import { encodingOf, readContentType } from './content.ts';
import type { ConnectMessage } from './message.ts';

/** Connect's bindings: each codec, plain and with what an end sends compressed. */
export const bindings: readonly Binding[] = ['proto', 'json', 'proto-gzip', 'json-gzip'].map((name) => ({
  name,
  carrier: connectCarrier,
  encoding: name,
}));

/** What a binding's name says of the messages that an end sends. */
export function formOf(binding: string): { readonly codec: Codec; readonly encoding: 'identity' | 'gzip' } {
  return { codec: binding.startsWith('proto') ? 'proto' : 'json', encoding: binding.endsWith('-gzip') ? 'gzip' : 'identity' };
}

/** The binding that a request tells by its codec and its encoding; undefined where it names no codec, as what is no request does. */
export function bindingTold(message: ConnectMessage): string | undefined {
  if (message.type !== 'request') return undefined;
  const { fields, query } = message;
  const content = readContentType(joinedValue(fields, 'content-type'));
  const codec = query === undefined ? content?.codec : codecNamed(query.encoding ?? '');
  const encoding = query === undefined ? encodingOf(fields, content?.isStream === true) : query.compression;
  return codec === undefined ? undefined : encoding === 'gzip' ? `${codec}-gzip` : codec;
}
