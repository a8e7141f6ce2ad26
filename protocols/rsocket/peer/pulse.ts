import type { CancelTimer, Environment } from '../../common/environment.ts';
import type { KeepaliveFrame, RSocketFrame } from '../frame.ts';
import { FLAG, has } from '../frame.ts';
import { keepaliveFrame } from '../frames.ts';
import type { SessionSettings, Switches } from './settings.ts';

/** What keepalive needs of its session. */
export interface PulsePort {
  readonly environment: Environment;
  readonly settings: SessionSettings;
  readonly switches: Switches;
  write(frame: RSocketFrame): void;
  /** Bytes of tracked frames received; 0 without resumption (RSOCKET-KEEPALIVE-04). */
  position(): number;
  /** The other end has everything before this position. */
  acknowledged(position: number): void;
  /** Nothing came for the whole lifetime (RSOCKET-KEEPALIVE-05). */
  dead(): void;
}

/** Keepalive of one connection: the client's beat, the answers of both ends, and the watch for silence. */
export class Pulse {
  readonly #port: PulsePort;
  #beat: CancelTimer = () => {};
  #watch: CancelTimer = () => {};
  #last = 0;
  #stopped = false;

  constructor(port: PulsePort) {
    this.#port = port;
    this.#last = port.environment.now();
    if (port.settings.side === 'client') this.#schedule();
    this.#look();
  }

  receive(frame: KeepaliveFrame): void {
    this.#last = this.#port.environment.now();
    this.#port.acknowledged(Number(frame.position));
    if (has(frame, FLAG.RESPOND) && this.#port.switches.keepalives) {
      this.#port.write(keepaliveFrame(false, this.#port.position(), frame.data));
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#beat();
    this.#watch();
  }

  #schedule(): void {
    this.#beat = this.#port.environment.after(this.#port.settings.keepaliveMs, () => {
      if (this.#port.switches.keepalives) this.#port.write(keepaliveFrame(true, this.#port.position(), new Uint8Array()));
      if (!this.#stopped) this.#schedule();
    });
  }

  #look(): void {
    const { environment, settings, switches } = this.#port;
    const left = this.#last + settings.lifetimeMs - environment.now();
    this.#watch = environment.after(Math.max(0, left), () => {
      if (environment.now() - this.#last < settings.lifetimeMs) this.#look();
      else if (switches.watchdog) this.#port.dead();
      else {
        this.#last = environment.now();
        this.#look();
      }
    });
  }
}
