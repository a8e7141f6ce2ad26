import type { CancelTimer, Environment } from '../../protocols/common/environment.ts';
import type { MessageFrame } from '../../protocols/common/frame.ts';
import type { Decoded } from '../../protocols/common/trace.ts';
import type { RiverMessage, RiverTimers } from '../../protocols/river/message.ts';
import type { Stationery } from '../../protocols/river/session.ts';
import type { RouterSurroundings } from './router.ts';
import type { Policy } from './services.ts';

/** Switches that only scripts turn. */
export interface Switches {
  heartbeats: boolean;
  watchdog: boolean;
  gaps: 'refuse' | 'take';
}

/** What everything in one server shares. */
export interface Surroundings {
  readonly environment: Environment;
  readonly serverId: string;
  readonly timers: RiverTimers;
  /** Factor from nominal ms to those of the environment. */
  readonly timeScale: number;
  readonly transparentReconnects: boolean;
  /** Nominal ms between requests for fresh metadata; undefined for none beside those before an expiry. */
  readonly rehandshakeEveryMs: number | undefined;
  /** Undefined without metadata validation. */
  readonly policy: Policy | undefined;
  readonly stationery: Stationery;
  readonly switches: Switches;
  readonly router: RouterSurroundings;
  read(frame: MessageFrame): Decoded<RiverMessage>;
  status(status: string, detail: string): void;
  log(message: string): void;
}

/** Longest delay that one timer of a real clock takes. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** Like `environment.after`, for delays of any length: an expiry may be months ahead (RIVER-REHS-10). */
export function afterLong(environment: Environment, delayMs: number, callback: () => void): CancelTimer {
  if (delayMs <= LONGEST_DELAY_MS) return environment.after(delayMs, callback);
  let cancel: CancelTimer = () => {};
  cancel = environment.after(LONGEST_DELAY_MS, () => {
    cancel = afterLong(environment, delayMs - LONGEST_DELAY_MS, callback);
  });
  return () => cancel();
}
