import type { CancelTimer, Environment } from '../../protocols/common/environment.ts';
import { ACK, HEARTBEAT_STREAM } from '../../protocols/river/message.ts';
import type { MessageParts } from '../../protocols/river/session.ts';

/** The heartbeat message (RIVER-MSG-07). */
export const HEARTBEAT: MessageParts = { streamId: HEARTBEAT_STREAM, controlFlags: ACK, payload: { type: 'ACK' } };

/** What the pulse of a connected session does and asks. */
export interface PulseSpec {
  readonly intervalMs: number;
  /** Intervals of silence after which the other end counts as dead. */
  readonly untilDead: number;
  /** When the last message was accepted, by the environment's clock. */
  lastHeard(): number;
  beat(): void;
  /** The other end is silent; the pulse has stopped (RIVER-HB-06). Answer `true` to go on nevertheless. */
  silent(): boolean;
}

/** Beats every interval, first after one, and watches for silence (RIVER-HB-01, -06). Returns what stops it. */
export function startPulse(environment: Environment, spec: PulseSpec): CancelTimer {
  let cancel: CancelTimer = () => {};
  const tick = (): void => {
    const silent = environment.now() - spec.lastHeard() >= spec.untilDead * spec.intervalMs;
    if (silent && !spec.silent()) return;
    cancel = environment.after(spec.intervalMs, tick);
    spec.beat();
  };
  cancel = environment.after(spec.intervalMs, tick);
  return () => cancel();
}
