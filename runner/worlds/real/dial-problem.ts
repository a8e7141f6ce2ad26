import type { CarrierProblem } from '../../../protocols/common/carrier.ts';

/** Why a name or an address was not reached, where an error says so: the name does not resolve, or nothing listens. */
export function dialProblem(error: NodeJS.ErrnoException, { hostname, host }: Pick<URL, 'hostname' | 'host'>): CarrierProblem {
  const { code = '', message } = error;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { kind: 'unresolvable-name', detail: '', text: `is not to be found: the name ${hostname} does not resolve (${code})` };
  }
  return { kind: 'unreachable', detail: '', text: `is not there: nothing listens at ${host} (${code || message})` };
}
