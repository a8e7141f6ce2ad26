import type * as z from 'zod';
import { firstIssue } from '../bundles/records.ts';
import { type Fault, faultGrammar } from '../faults/fault.ts';
import { orderOf } from '../faults/order.ts';
import { readTyped } from './typed.ts';

/** A fault as somebody typed it. */
export interface TypedFault {
  readonly text: string;
  readonly fault: Fault;
  /** Whether it waits for a frame, or for a connection: it can be armed before anything happens. */
  readonly waits: boolean;
}

/** Reads a fault in the grammar of cases, e.g. `drop: { frame: { from: server }, nth: 3 }`. Throws an Error that says what is wrong with it. */
export function readFault(text: string, wirePattern: z.ZodType): TypedFault {
  const parsed = faultGrammar(wirePattern).safeParse(readTyped('fault', text));
  if (!parsed.success) throw new Error(`no fault: ${JSON.stringify(text)}: ${firstIssue(parsed.error)}`);
  const order = orderOf(parsed.data);
  return { text, fault: parsed.data, waits: order.do === 'strike' || order.do === 'refuse' };
}
