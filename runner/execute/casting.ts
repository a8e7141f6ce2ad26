import { peerOf, ROLES, type Role } from '../../protocols/common/frame.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Step } from '../cases/step.ts';
import type { FixedTimers } from '../plan/plan.ts';
import type { Setting } from '../worlds/world.ts';
import type { Pace } from './playing.ts';

/** Which case to perform, with whom. */
export interface Casting {
  readonly protocol: Protocol;
  readonly case: LoadedCase;
  readonly role: Role;
  readonly binding: string;
  readonly seed: number;
  readonly procedureKinds: Readonly<Record<string, string>>;
  readonly client: Setting['client'];
  readonly server: Setting['server'];
  /** Longest that the steps may take together, in ms of the world; undefined: as long as their own waits, and some slack. */
  readonly timeoutMs?: number | undefined;
  /** Whether the rule that a step judges is disputed, so that the case goes on where it breaks. */
  readonly disputed?: (step: Step) => boolean;
  /** For a person who looks on: things are taken down only once this is settled. Real world only. */
  readonly linger?: Promise<unknown>;
  readonly pace?: Pace | undefined;
  /** Timers that an end has whatever it is told: ms of the world, counts as they are. */
  readonly fixedTimers?: FixedTimers | undefined;
}

/** The role that the case scripts by hand, if any. */
export function scriptedRole(loaded: LoadedCase, role: Role): Role | undefined {
  return loaded.steps.some((step) => step.action.kind === 'peer') ? peerOf(role) : undefined;
}

/** Whether a case is played the same whichever role is judged; what names its roles one by one may have other steps for each. */
export function isPlayedAlike(loaded: LoadedCase, role: Role): boolean {
  return scriptedRole(loaded, role) === undefined && loaded.roles.length > 1;
}

/** Whose frames are waited for before the end: of two ends of ours those of both, since either may be judged by them. */
export function awaitedOf({ case: loaded, role, client, server }: Casting): readonly Role[] {
  return client.kind === 'reference' && server.kind === 'reference' && isPlayedAlike(loaded, role) ? ROLES : [role];
}
