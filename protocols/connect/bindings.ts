import type { Binding } from '../common/binding.ts';
import { connectCarrier } from './carrier.ts';
import type { Codec } from './codec.ts';

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
