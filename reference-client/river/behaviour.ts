import type { ClientCommand } from '../../protocols/river/script.ts';

/** Lasting departures from conformity that a script can switch on; everything else about the client conforms. */
export interface Behaviour {
  /** Off: heartbeats are not answered. */
  heartbeats: 'off' | 'on';
  /** Off: the server's silence is not minded. */
  watchdog: 'off' | 'on';
  /** Frozen: messages carry the ack of the moment this was set. */
  acks: 'frozen' | 'live';
  /** Off: messages with a too high seq are taken. */
  gapCheck: 'off' | 'on';
  /** Off: after a loss the client neither dials nor gives the session up. */
  reconnect: 'off' | 'on';
  /** Off: a resume sends nothing again. */
  replay: 'off' | 'on';
  /** How requests for fresh metadata are answered. */
  rehandshake: NonNullable<ClientCommand['rehandshake']>;
}

/** A client that does everything right. */
export function conformingBehaviour(): Behaviour {
  return { heartbeats: 'on', watchdog: 'on', acks: 'live', gapCheck: 'on', reconnect: 'on', replay: 'on', rehandshake: 'normal' };
}
