import type { Requirement } from '../../protocols/common/requirement.ts';
import type { Checkpoint, Finding } from '../results/result.ts';

/** What one judge says: what it set out to check, and every reason it found. */
export interface Judgement {
  readonly checkpoints: readonly Checkpoint[];
  readonly findings: readonly Finding[];
}

/** Looks a requirement up. Unknown ids are judged as MUST, so that a typo never softens a verdict. */
export type RequirementOf = (id: string) => Requirement | undefined;

/** The level at which breaking a requirement is judged. */
export function levelOf(requirementOf: RequirementOf, id: string | undefined): Finding['level'] {
  return (id === undefined ? undefined : requirementOf(id)?.level) ?? 'MUST';
}

/** Whether breaking a rule of this level is a failure rather than a warning. */
export function isBinding(level: Finding['level']): boolean {
  switch (level) {
    case 'MUST':
    case 'MUST-NOT':
      return true;
    case 'SHOULD':
    case 'MAY':
    case 'IMPL':
      return false;
  }
}

/**
 * Equal for equal causes, stable over runs: judge, requirement, kind of frame or step, field. Indices in a field (`items.3.n`)
 * count for nothing, and what a peer chose freely (a member name that is no word) has no place in it.
 */
export function fingerprint(judge: string, requirement: string | undefined, kind: string, field: string): string {
  const word = (part: string): string => part.replaceAll(/[\s/]+/g, '-');
  const path = field.replaceAll(/\[\d+\]/g, '.0').split('.');
  const known = path.map((segment) => (/^\d+$/.test(segment) || !/^[$\w /-]{1,40}$/.test(segment) ? '*' : segment));
  return [judge, requirement ?? 'none', word(kind), word(known.join('.'))].join('/');
}

/**
 * The fingerprint of a crash: what it died of, and where (case, step, kind of the last frame). Numbers and addresses in an
 * exception's text count for nothing.
 */
export function crashFingerprint(
  headline: string,
  { case: id, step, lastFrame }: { readonly case: string; readonly step: number | undefined; readonly lastFrame: string | undefined },
): string {
  const what = headline
    .replaceAll(/0x[\da-f]+|\d+/gi, '*')
    .replaceAll(/[^\w$*.:-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  const where = step === undefined ? 'no-step' : `step-${step + 1}`;
  return ['crash', what || 'unknown', id.replaceAll('/', '.'), `${where}-after-${lastFrame ?? 'nothing'}`].join('/');
}
