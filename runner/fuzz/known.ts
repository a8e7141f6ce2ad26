import type { KnownFailure } from '../adapters/known-failures.ts';

/**
 * Whether a finding of a generated scenario, by its fingerprint, is one that a list names. What the model of the services finds names the
 * requirement of all generated scenarios, `ofScenarios`, whichever rule of the protocol is broken: it is known where the list has the same judge, kind and
 * field of any requirement. Entries that name no cause explain nothing here.
 */
export function knownAmong(
  entries: readonly Pick<KnownFailure, 'fingerprint'>[],
  ofScenarios: readonly string[],
): (fingerprint: string) => boolean {
  const known = new Set(entries.flatMap(({ fingerprint }) => (fingerprint === undefined ? [] : [fingerprint, withoutRule(fingerprint)])));
  return (fingerprint) =>
    known.has(fingerprint) || (ofScenarios.includes(fingerprint.split('/')[1] ?? '') && known.has(withoutRule(fingerprint)));
}

/** `expectation/…/receive/timeout` of `expectation/RIVER-RECON-19/receive/timeout` */
function withoutRule(fingerprint: string): string {
  const [judge = '', , ...rest] = fingerprint.split('/');
  return [judge, '…', ...rest].join('/');
}
