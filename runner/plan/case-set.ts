import * as z from 'zod';
import type { CaseHead } from '../cases/case.ts';

/**
 * A frozen set, `cases/<protocol>/sets/<name>.yaml`: what the protocol requires as of a day. Cases that come later run, but do
 * not score against it until a new set is cut.
 */
export const caseSetSchema = z.strictObject({
  title: z.string().min(8),
  cut: z.iso.date().describe('The day it was cut.'),
  cases: z.array(z.string()).min(1).describe('Ids of its cases, in order.'),
});

/** A frozen set of cases. */
export interface CaseSet {
  readonly name: string;
  readonly title: string;
  readonly cut: string;
  readonly cases: ReadonlySet<string>;
}

/** The ids under which a set has a case: the one it has, as a variant of a sweep too, or those it had. */
export function idsInSet({ id, aliases }: Pick<CaseHead, 'id' | 'aliases'>, { cases }: CaseSet): string[] {
  const [base = id] = id.split('~');
  return cases.has(base) ? [id] : aliases.filter((alias) => cases.has(alias));
}
