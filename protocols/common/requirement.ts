import type { Role } from './frame.ts';

/** How binding a requirement is. IMPL: the specification is silent, interoperating peers rely on it; judged as a warning. */
export type Level = 'MUST' | 'MUST-NOT' | 'SHOULD' | 'MAY' | 'IMPL';

/** One rule of a protocol, from `cases/<protocol>/requirements.yaml`. */
export interface Requirement {
  readonly id: string;
  readonly level: Level;
  /** Who is obliged. */
  readonly role: Role | 'both';
  /** Heading of the specification, or file of the official implementation for IMPL. */
  readonly source: string;
  readonly text: string;
  readonly observe: string;
  readonly faults: readonly string[];
  /** How the specification and the official implementation differ, where they do. */
  readonly disputed: string | undefined;
  /** Why no black box can see it, where none can. */
  readonly unobservable: string | undefined;
}
