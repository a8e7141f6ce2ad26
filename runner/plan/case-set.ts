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

/** Whether a case is of the set, under the id it has or one it had. */
export function belongsTo({ id, aliases }: Pick<CaseHead, 'id' | 'aliases'>, { cases }: CaseSet): boolean {
  const [base = id] = id.split('~');
  return cases.has(base) || aliases.some((alias) => cases.has(alias));
}
