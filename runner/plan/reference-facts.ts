import type { Protocol } from '../../protocols/common/protocol.ts';
import { packageVersion } from '../package-root.ts';
import type { EndFacts } from './plan.ts';

/** What plans must know of our own peers. */
export function referenceFacts({ bindings }: Pick<Protocol, 'bindings'>): EndFacts {
  return {
    name: 'reference',
    version: packageVersion(),
    reference: true,
    roles: ['client', 'server'],
    bindings: bindings.map(({ name }) => name),
    features: [],
  };
}
