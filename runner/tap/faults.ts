import type * as z from 'zod';
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

/**
 * Reads a fault in the grammar of cases, e.g. `drop: { frame: { from: server }, nth: 3 }`; `what` names it. Throws an Error that says what
 * is wrong with it, and where.
 */
export function readFault(text: string, wirePattern: z.ZodType, what = 'fault'): TypedFault {
  const fault = readTyped(what, text, faultGrammar(wirePattern));
  const order = orderOf(fault);
  return { text, fault, waits: order.do === 'strike' || order.do === 'refuse' };
}
