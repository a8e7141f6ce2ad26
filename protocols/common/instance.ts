import type { Role } from './frame.ts';

/** Handle of the client and of the server that are there without a step. */
export const MAIN = 'main';

/** What cases call the server that is there without a step; all other instances they call by their handles. */
export const SERVER_NAME = 'server';

/** A client or a server of a run. Handles of the two are apart. */
export interface Instance {
  readonly role: Role;
  readonly instance: string;
}

/** What cases, and lanes, call an instance. */
export function instanceName({ role, instance }: Instance): string {
  return role === 'server' && instance === MAIN ? SERVER_NAME : instance;
}
