import type * as z from 'zod';
import { firstIssue } from '../bundles/records.ts';
import { formatProblem } from '../cases/problem.ts';
import { readSource } from '../cases/source.ts';
import { malformedTags } from '../cases/tags.ts';
import { type Fault, faultGrammar } from '../faults/fault.ts';
import { orderOf } from '../faults/order.ts';

/** A fault as somebody typed it. */
export interface TypedFault {
  readonly text: string;
  readonly fault: Fault;
  /** Whether it waits for a frame, or for a connection: it can be armed before anything happens. */
  readonly waits: boolean;
}

/** Reads a fault in the grammar of cases, e.g. `drop: { frame: { from: server }, nth: 3 }`. Throws an Error that says what is wrong with it. */
export function readFault(text: string, wirePattern: z.ZodType): TypedFault {
  const read = readSource('fault', text);
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
  const malformed = malformedTags(read.source, [], read.source.value);
  if (malformed.length > 0) throw new Error(malformed.map(formatProblem).join('\n'));
  const parsed = faultGrammar(wirePattern).safeParse(read.source.value);
  if (!parsed.success) throw new Error(`no fault: ${JSON.stringify(text)}: ${firstIssue(parsed.error)}`);
  const order = orderOf(parsed.data);
  return { text, fault: parsed.data, waits: order.do === 'strike' || order.do === 'refuse' };
}
