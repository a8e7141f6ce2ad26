import { type CancelTimer, type Environment, randomId } from '../../protocols/common/environment.ts';
import { newSession, type SessionState } from '../../protocols/river/session.ts';
import type { Behaviour } from './behaviour.ts';
import type { ClientSettings } from './settings.ts';

/** What a keeper tells about its session. */
export interface SessionListener {
  status(status: string): void;
  /** The session is gone; every call on it ends. */
  sessionDestroyed(): void;
}

/** Holds a client's one session and runs its grace period: from creation or from each loss, never extended by attempts (RIVER-RECON-10, -11). */
export class SessionKeeper {
  readonly #environment: Environment;
  readonly #settings: ClientSettings;
  readonly #behaviour: Behaviour;
  readonly #listener: SessionListener;
  readonly #graceOver: () => void;
  #session: SessionState | undefined;
  #cancelGrace: CancelTimer = () => {};

  /** `graceOver` is called when a grace period ended; it must end connection and session. */
  constructor(environment: Environment, settings: ClientSettings, behaviour: Behaviour, listener: SessionListener, graceOver: () => void) {
    this.#environment = environment;
    this.#settings = settings;
    this.#behaviour = behaviour;
    this.#listener = listener;
    this.#graceOver = graceOver;
  }

  /** The living session, if there is one. */
  get current(): SessionState | undefined {
    return this.#session;
  }

  /** The living session, or a new one whose grace period starts now. */
  ensure(): SessionState {
    if (this.#session !== undefined) return this.#session;
    const session = this.make(`session-${randomId(this.#environment)}`);
    this.#session = session;
    this.startGrace();
    this.#listener.status('session-created');
    return session;
  }

  /** Books for a session of that id, which does not become the living one yet. */
  make(sessionId: string): SessionState {
    const session = newSession(sessionId, this.#settings.clientId, this.#settings.serverId);
    if (this.#behaviour.acks === 'frozen') session.frozenAck = session.ack;
    return session;
  }

  /** Puts another session in the place of the living one, which dies. */
  replace(session: SessionState): void {
    if (session === this.#session) return;
    this.forget();
    this.#session = session;
    this.#listener.status('session-created');
  }

  /** The living session dies: its calls are told (RIVER-RECON-09, -14). */
  forget(): void {
    if (this.#session === undefined) return;
    this.stopGrace();
    this.#session = undefined;
    this.#listener.sessionDestroyed();
    this.#listener.status('session-destroyed');
  }

  /** Starts a full grace period; none where a script took the session's life into its own hands. */
  startGrace(): void {
    this.stopGrace();
    if (this.#behaviour.reconnect === 'off') return;
    this.#cancelGrace = this.#environment.after(this.#settings.timers.sessionDisconnectGraceMs, this.#graceOver);
  }

  /** Ends the grace period: the session is connected, or a script's. */
  stopGrace(): void {
    this.#cancelGrace();
  }
}
