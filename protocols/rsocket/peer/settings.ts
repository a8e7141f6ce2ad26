import type { Role } from '../../common/frame.ts';
import type { RSocketTimers } from '../timers.ts';
import type { Grant } from './lease.ts';
import type { ServerOptions } from './options.ts';

/** How one end of a session behaves. Times are ms of its clock. */
export interface SessionSettings {
  readonly side: Role;
  /** Bytes of its largest frame. */
  readonly fragmentSize: number;
  /** Bytes of fragments that it keeps for one payload (RSOCKET-FRAG-08). */
  readonly reassemblyLimit: number;
  /** How often the client sends a KEEPALIVE; as the SETUP says. */
  readonly keepaliveMs: number;
  /** How long without one until a connection is dead; as the SETUP says. */
  readonly lifetimeMs: number;
  /** The session outlives its connections. */
  readonly resume: boolean;
  /** Both ends wait for leases (flag L of the SETUP). */
  readonly leases: boolean;
  /** What this end grants at first, where leases are honoured. */
  readonly grant: Grant | undefined;
  /** The first stream id that it uses; its own first one where undefined. */
  readonly firstStreamId: number | undefined;
}

/** What the options and timers of either role say of its sessions. */
export function ownSettings(
  options: Pick<ServerOptions, 'fragmentSize' | 'reassemblyLimit' | 'firstStreamId' | 'leaseRequests'>,
  timers: RSocketTimers,
): Pick<SessionSettings, 'fragmentSize' | 'reassemblyLimit' | 'grant' | 'firstStreamId'> {
  const { fragmentSize, reassemblyLimit, firstStreamId, leaseRequests } = options;
  const grant = leaseRequests === undefined ? undefined : { requests: leaseRequests, ttlMs: timers.leaseTtlMs };
  return { fragmentSize, reassemblyLimit, firstStreamId, grant };
}

/** What only scripts turn. */
export interface Switches {
  /** Off: KEEPALIVE frames are neither sent nor answered. */
  keepalives: boolean;
  /** Off: silence of the other end is not minded. */
  watchdog: boolean;
  /** Off: ERROR, RESUME and the like are recorded and change nothing. */
  reactions: boolean;
}

/** As a conforming peer behaves. */
export function conformingSwitches(): Switches {
  return { keepalives: true, watchdog: true, reactions: true };
}
