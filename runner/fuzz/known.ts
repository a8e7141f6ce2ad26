import { isNamed, type KnownFailure } from '../adapters/known-failures.ts';

/**
 * Whether a finding of a generated scenario, by its fingerprint, is one that a list names. What the model of the services finds names the
 * requirement of all generated scenarios, `ofScenarios`, whichever rule of the protocol is broken: it is known where the list has the same judge, kind and
 * field of any requirement. Entries that name no cause explain nothing here.
 */
export function knownAmong(
  entries: readonly Pick<KnownFailure, 'fingerprint'>[],
  ofScenarios: readonly string[],
): (fingerprint: string) => boolean {
  const names = entries.flatMap(({ fingerprint }) => fingerprint ?? []);
  const known = new Set(names.map(withoutRule));
  return (fingerprint) =>
    names.some((name) => isNamed(fingerprint, name)) ||
    (ofScenarios.includes(fingerprint.split('/')[1] ?? '') && known.has(withoutRule(fingerprint)));
}

/** `expectation/…/receive/timeout` of `expectation/RIVER-RECON-19/receive/timeout` */
function withoutRule(fingerprint: string): string {
  const [judge = '', , ...rest] = fingerprint.split('/');
  return [judge, '…', ...rest].join('/');
}
