import { mismatch } from './pattern.ts';
import type { MatchContext } from './protocol.ts';

/** The first of these members that a pattern speaks of and that is otherwise, as why not; undefined where there is none. */
export function mismatchOfMembers<K extends string>(
  pattern: Readonly<Partial<Record<K, unknown>>>,
  keys: readonly K[],
  members: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const key of keys) {
    const reason = pattern[key] === undefined ? undefined : mismatch(pattern[key], members[key], key);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Why a frame, of the calls with these references, is not of the one that a pattern names; undefined where it is. */
export function mismatchOfCall(name: string | undefined, of: () => readonly string[], context: MatchContext): string | undefined {
  if (name === undefined) return undefined;
  const found = context.streamOf(name);
  if (found === undefined) return `call: ${name} was not seen on the wire yet`;
  const here = of();
  return here.includes(found) ? undefined : `call: expected ${name} (${found}), got ${here.join(', ') || 'none'}`;
}
