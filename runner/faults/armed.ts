import { faultText } from './fault-text.ts';
import type { FaultState, Rule } from './state.ts';

/** A fault at work, for people. */
export interface ArmedFault {
  /** By which it is lifted. */
  readonly id: number;
  /** As cases write it. */
  readonly what: string;
  /** Frames or connections that fit and pass before it strikes. */
  readonly skip: number;
  /** What it has struck, where it counts that. */
  readonly struck?: number;
  /** How many it will still strike; absent: any number, or all until it is lifted. */
  readonly left?: number;
  /** Of one that is at work on connections: which, the live ones when it began. */
  readonly connections?: readonly number[];
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
      return {
        id,
        what: faultText(rule.from === 'both' ? 'stall' : { stall: { from: rule.from } }),
        skip: 0,
        connections: [...rule.connections],
      };
    case 'refuse':
      return { id, what: refusalText(rule), skip: 0, ...counted(rule.left) };
  }
}

function counted(left: number): { readonly left?: number } {
  return Number.isFinite(left) ? { left } : {};
}

/** What is not as usual of it. */
function refusalText({ how, of }: Extract<Rule, { type: 'refuse' }>): string {
  const said = { ...(of === undefined ? {} : { of }), ...(how === 'reset' ? {} : { how }) };
  return faultText(Object.keys(said).length === 0 ? 'refuse' : { refuse: said });
}
