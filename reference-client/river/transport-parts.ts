import type { Dial, Environment } from '../../protocols/common/environment.ts';
import type { RiverMessage } from '../../protocols/river/message.ts';
import type { Behaviour } from './behaviour.ts';
import type { SessionListener } from './session-keeper.ts';
import type { ClientSettings } from './settings.ts';

/** What the transport tells its client. */
export interface TransportListener extends SessionListener {
  status(status: string, detail?: string): void;
  /** A message of the session, accepted and addressed to this client. */
  message(message: RiverMessage): void;
}

/** What a transport is made of. */
export interface TransportParts {
  readonly environment: Environment;
  readonly dial: Dial;
  readonly settings: ClientSettings;
  readonly behaviour: Behaviour;
  readonly listener: TransportListener;
}
