import type { Party, Role } from '../../protocols/common/frame.ts';

/** The two ends of a connection. */
export interface Ends {
  readonly dialler: Role;
  readonly acceptor: Party;
  /** What cases call the instance that dialled; absent where no broker takes part. */
  readonly of?: string;
}

/** The end at the other side of a connection. */
export function oppositeOf({ ends }: { readonly ends: Ends }, party: Party): Party {
  return party === ends.dialler ? ends.acceptor : ends.dialler;
}
