import type { FaultState, Rule } from './state.ts';

/** A fault at work, for people. */
export interface ArmedFault {
  /** By which it is lifted. */
  readonly id: number;
  /** In the words of cases, or those of the trace. */
  readonly what: string;
  /** Frames or connections that fit and pass before it strikes. */
  readonly skip: number;
  /** What it has struck, where it counts that. */
  readonly struck?: number;
  /** How many it will still strike; absent: any number, or all until it is lifted. */
  readonly left?: number;
}

/** The faults at work, in order of arming. */
export function armedFaults({ rules }: Pick<FaultState, 'rules'>): ArmedFault[] {
  return rules.map(armedBy);
}

/** A fault at work, for people. */
export function armedBy(rule: Rule): ArmedFault {
  const { id } = rule;
  switch (rule.type) {
    case 'strike':
      return { id, what: rule.says, skip: rule.aim.skip, struck: rule.aim.struck, ...counted(rule.aim.left) };
    case 'stall':
      return { id, what: `stall from ${rule.from}: ${connections(rule.connections)}`, skip: 0 };
    case 'refuse':
      return { id, what: `refuse (${rule.how})${rule.of === undefined ? '' : ` of ${rule.of}`}`, skip: 0, ...counted(rule.left) };
  }
}

function counted(left: number): { readonly left?: number } {
  return Number.isFinite(left) ? { left } : {};
}

function connections(ids: ReadonlySet<number>): string {
  return ids.size === 0 ? 'no live connection' : `connection ${[...ids].join(', ')}`;
}
