import { resp } from '../carriers/resp/carrier.ts';
import type { Binding } from '../common/binding.ts';

/** clamator's bindings: the protocols in which Redis is spoken to. */
export const bindings: readonly Binding[] = [
  { name: 'resp2', carrier: resp, encoding: 'resp2' },
  { name: 'resp3', carrier: resp, encoding: 'resp3' },
];
