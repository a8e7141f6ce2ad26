import type { PeerEvents } from '../../../protocols/common/control.ts';

/** Under which all names of these calls stand on a broker, told apart by the way that leads to it. */
export const SPACE = 'weir-bench';

/** Hears what an end says; nothing where it is not said. */
export function hearing(heard: Partial<PeerEvents> = {}): PeerEvents {
  const nothing = (): void => {};
  return { start: nothing, message: nothing, end: nothing, status: nothing, handler: nothing, log: nothing, ...heard };
}
