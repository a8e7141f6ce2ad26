import type { Party } from './frame.ts';
import type { InvariantReport, Past } from './invariant.ts';

/** Says of a requirement whether it held, and if not, why: the decisive event first. Returns `ok`. */
export interface Check {
  (ok: true, requirement: string, blame: Party): boolean;
  (ok: boolean, requirement: string, blame: Party, message: () => string, events: readonly (number | undefined)[]): boolean;
}

/** Makes the check of a report; events that are undefined are left out. */
export function checkInto(report: InvariantReport): Check {
  return (ok: boolean, requirement: string, blame: Party, message?: () => string, events: readonly (number | undefined)[] = []) => {
    if (ok) report.holds(requirement, blame);
    else report.violates({ requirement, blame, message: message?.() ?? '', events: events.filter((n) => n !== undefined) });
    return ok;
  };
}

/** Lets go of what is known of connections that are over. */
export function forgetConnections(known: Map<number, unknown> | Set<number>, { isOver }: Pick<Past, 'isOver'>): void {
  for (const connection of known.keys()) if (isOver(connection)) known.delete(connection);
}
