import type { Party } from './frame.ts';
import { type DeliveredEvent, fromOf, type SentEvent } from './trace.ts';

/** What wire patterns of every protocol can say of a frame without reading it. */
export interface PlacePattern {
  readonly from?: Party | undefined;
  readonly connection?: number | undefined;
  /** One kind, or several of which one is right. */
  readonly kind?: string | readonly string[] | undefined;
}

/** The first reason why a frame of a trace, of that kind, is not where and what a pattern says; undefined where it is. */
export function mismatchOfPlace(pattern: PlacePattern, event: SentEvent | DeliveredEvent, kind: string): string | undefined {
  const from = fromOf(event);
  if (pattern.from !== undefined && pattern.from !== from) return `from: expected ${pattern.from}, got ${from}`;
  if (pattern.connection !== undefined && pattern.connection !== event.connection) {
    return `connection: expected ${pattern.connection}, got ${event.connection}`;
  }
  if (pattern.kind === undefined) return undefined;
  const kinds = [pattern.kind].flat();
  return kinds.includes(kind) ? undefined : `kind: expected ${kinds.join(' or ')}, got ${kind}`;
}
