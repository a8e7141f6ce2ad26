import type { Dial, Link } from '../../protocols/common/environment.ts';
import type { SessionState } from '../../protocols/river/session.ts';
import { RawConnection } from './raw-connection.ts';
import type { ClientTransport } from './transport.ts';

type Act = (link: Link) => void;

/** What scripts do with a client's connections: raw ones beside the transport's own, and writing on whichever is live. */
export class ScriptedConnections {
  readonly #transport: ClientTransport;
  readonly #dial: Dial;
  readonly #codec: string;
  #raw: RawConnection | undefined;
  /** Links that were live, in order. */
  #links: readonly Link[] = [];
  #waiting: readonly Act[] = [];

  constructor(transport: ClientTransport, dial: Dial, codec: string) {
    this.#transport = transport;
    this.#dial = dial;
    this.#codec = codec;
  }

  /** True while what is sent goes out at once. */
  get isLive(): boolean {
    return this.#transport.liveLink !== undefined || this.#liveRaw() !== undefined;
  }

  /** True where a raw connection ended without a session: nothing dials until something is asked of the client. */
  get isAdrift(): boolean {
    return this.#raw !== undefined && !this.#raw.isUp;
  }

  /** The connection before the live one; it may be dead. */
  get previous(): Link | undefined {
    const live = this.#liveRaw()?.link ?? this.#transport.liveLink;
    return this.#links.findLast((link) => link !== live);
  }

  /** Opens a raw connection. One that is up stays up, unheard, as the previous one. */
  connectRaw(): void {
    this.#transport.suspend();
    this.#liveRaw()?.leave(() => {});
    this.#raw = new RawConnection(this.#dial, this.#codec, (session, link) => this.#transport.takeOver(session, link));
    this.#links = [...this.#links, this.#raw.link];
  }

  /** Leaves a raw connection to itself and goes on as a conforming client. */
  connectNormally(): void {
    this.#liveRaw()?.leave(() => {});
    this.#transport.resume();
  }

  /** The next ok on the raw connection makes this session the client's; nothing where there is none. */
  offer(session: SessionState): void {
    this.#liveRaw()?.offer(session);
  }

  /** Runs `act` with the live link, or once there is one. */
  whenLive(act: Act): void {
    const raw = this.#liveRaw();
    const link = this.#transport.liveLink;
    if (raw !== undefined) raw.whenOpen(act);
    else if (link !== undefined) act(link);
    else this.#waiting = [...this.#waiting, act];
  }

  /** Ends the live connection by hand; the transport goes on as after any loss. Throws an Error where there is none. */
  drop(end: Act): void {
    const raw = this.#liveRaw();
    if (raw === undefined) this.#transport.drop(end);
    else raw.leave(end);
  }

  /** To be called when the transport is connected. */
  connected(): void {
    const link = this.#transport.liveLink;
    if (link === undefined) return;
    this.#raw = undefined;
    if (this.#links.at(-1) !== link) this.#links = [...this.#links, link];
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const act of waiting) act(link);
  }

  /** To be called when the session died: what waited was meant for it. */
  sessionDestroyed(): void {
    this.#waiting = [];
  }

  /** Ends a raw connection in order. */
  close(): void {
    this.#liveRaw()?.leave((link) => link.close(1000, ''));
  }

  #liveRaw(): RawConnection | undefined {
    return this.#raw?.isUp ? this.#raw : undefined;
  }
}
