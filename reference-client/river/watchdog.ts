import type { CancelTimer, Environment } from '../../protocols/common/environment.ts';
import type { RiverTimers } from '../../protocols/river/message.ts';

/**
 * Watches for silence (RIVER-HB-07): looks once an interval, and calls `silent` once if nothing was heard for
 * `heartbeatsUntilDead` intervals. `lastHeard` gives the time in ms of the last accepted message.
 */
export function watchSilence(
  environment: Environment,
  timers: Pick<RiverTimers, 'heartbeatIntervalMs' | 'heartbeatsUntilDead'>,
  lastHeard: () => number,
  silent: () => void,
): CancelTimer {
  let cancel: CancelTimer = () => {};
  const look = () => {
    if (environment.now() - lastHeard() >= timers.heartbeatsUntilDead * timers.heartbeatIntervalMs) silent();
    else cancel = environment.after(timers.heartbeatIntervalMs, look);
  };
  cancel = environment.after(timers.heartbeatIntervalMs, look);
  return () => cancel();
}
