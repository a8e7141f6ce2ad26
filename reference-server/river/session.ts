import type { CancelTimer } from '../../protocols/common/environment.ts';
import type { MessageFrame } from '../../protocols/common/frame.ts';
import type { RiverMessage } from '../../protocols/river/message.ts';
import { binaryFrame } from '../../protocols/river/scripted-message.ts';
import {
  createMessage,
  type MessageParts,
  newSession,
  receiveMessage,
  type SessionState,
  unacknowledged,
} from '../../protocols/river/session.ts';
import { isHandshakeRequest, isHeartbeat, isRehandshake } from '../../protocols/river/validate.ts';
import type { Connection } from './connection.ts';
import { HEARTBEAT, startPulse } from './heartbeat.ts';
import { Refresh } from './rehandshake.ts';
import { Router } from './router.ts';
import type { Surroundings } from './surroundings.ts';

/** What was validated in the handshake that connects a session. */
export interface Credential {
  readonly metadata: unknown;
  /** Nominal ms of life from now. */
  readonly expiresInMs: number | undefined;
}

/** A session of one client, connected or within grace. */
export class ServerSession {
  readonly books: SessionState;
  readonly router: Router;
  readonly refresh: Refresh;
  readonly #surroundings: Surroundings;
  readonly #forget: () => void;
  #connection: Connection | undefined;
  #previous: Connection | undefined;
  #metadata: unknown;
  #lastHeard = 0;
  #stopPulse: CancelTimer | undefined;
  #cancelGrace: CancelTimer | undefined;
  #dead = false;

  /** `forget` is called once, when the session dies. */
  constructor(surroundings: Surroundings, sessionId: string, clientId: string, forget: () => void) {
    this.#surroundings = surroundings;
    this.#forget = forget;
    this.books = newSession(sessionId, surroundings.serverId, clientId);
    this.router = new Router(surroundings.router, { send: (parts) => this.send(parts), metadata: () => this.#metadata });
    this.refresh = new Refresh(surroundings, {
      send: (parts) => this.send(parts),
      store: (metadata) => {
        this.#metadata = metadata;
      },
      failed: (reason) => this.destroy(reason),
    });
  }

  /** The live connection, if any. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** The connection before the live one. */
  get previous(): Connection | undefined {
    return this.#previous;
  }

  /**
   * Moves the session to a connection on which ok was just sent: gives an earlier one up, sends what is not
   * acknowledged again, starts the heartbeats (notes 6.2, point 6; RIVER-RECON-03, -10, -17).
   */
  attach(connection: Connection, credential: Credential): void {
    const { environment, timers, switches } = this.#surroundings;
    this.#detach()?.giveUp();
    this.#cancelGrace?.();
    this.#connection = connection;
    this.#metadata = credential.metadata;
    this.#lastHeard = environment.now();
    connection.own({ message: (frame) => this.#receive(frame), closed: () => this.#lost() });
    this.#surroundings.status('connected', this.books.peer);
    for (const sent of unacknowledged(this.books)) connection.send(binaryFrame(sent.bytes));
    this.#stopPulse = startPulse(environment, {
      intervalMs: timers.heartbeatIntervalMs,
      untilDead: timers.heartbeatsUntilDead,
      lastHeard: () => this.#lastHeard,
      beat: () => {
        if (switches.heartbeats) this.send(HEARTBEAT);
      },
      silent: () => {
        if (!switches.watchdog) return true;
        this.disconnect();
        return false;
      },
    });
    this.refresh.schedule(credential.expiresInMs);
  }

  /** Makes a message and writes it if connected. One that cannot be encoded kills the session (RIVER-ERR-19). */
  send(parts: MessageParts): void {
    if (this.#dead) return;
    let bytes: Uint8Array;
    try {
      bytes = createMessage(this.books, parts, this.#surroundings.stationery).bytes;
    } catch (error) {
      this.destroy(error instanceof Error ? error.message : String(error));
      return;
    }
    this.#connection?.send(binaryFrame(bytes));
  }

  /** Gives the connection up and keeps the session for the grace period (RIVER-SEQ-06, RIVER-HB-06). */
  disconnect(code = 1000, reason = ''): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#lost();
    connection.giveUp(code, reason);
  }

  /** Drops the connection without ceremony and keeps the session. */
  abort(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#lost();
    connection.abort();
  }

  /** Ends the session, its connection and its streams (RIVER-RECON-22, -24). */
  destroy(reason: string): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#cancelGrace?.();
    this.#detach()?.giveUp();
    this.#forget();
    this.router.disconnect();
    this.#surroundings.log(`session ${this.books.sessionId} of ${this.books.peer} destroyed: ${reason}`);
    this.#surroundings.status('session-destroyed', this.books.peer);
  }

  #receive(frame: MessageFrame): void {
    const decoded = this.#surroundings.read(frame);
    if (!decoded.ok) {
      this.destroy(`invalid message: ${decoded.error}`);
      return;
    }
    const { message } = decoded;
    if (message.from === this.books.peer && isRepeatedHandshake(message)) return;
    switch (receiveMessage(this.books, message, this.#surroundings.switches.gaps)) {
      case 'foreign':
        this.destroy(`a message claims to be from ${message.from}`);
        return;
      case 'duplicate':
        return;
      case 'gap':
        this.disconnect();
        return;
      case 'accept':
        this.#lastHeard = this.#surroundings.environment.now();
        if (isHeartbeat(message)) return;
        this.#deliver(message);
    }
  }

  #deliver(message: RiverMessage): void {
    try {
      if (isRehandshake(message)) this.refresh.receive(message.payload);
      else this.router.receive(message);
    } catch (error) {
      // How deep values nest is bounded where they are decoded; whatever else fails here must not end the server (RIVER-SEC-05).
      this.destroy(`a message could not be processed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #lost(): void {
    const { environment, timers } = this.#surroundings;
    this.#detach();
    this.#cancelGrace = environment.after(timers.sessionDisconnectGraceMs, () => this.destroy('no reconnect within the grace period'));
    this.#surroundings.status('disconnected', this.books.peer);
  }

  /** Stops all that belongs to the live connection and returns it. */
  #detach(): Connection | undefined {
    const connection = this.#connection;
    this.#stopPulse?.();
    this.refresh.stop();
    this.#connection = undefined;
    if (connection !== undefined) this.#previous = connection;
    return connection;
  }
}

/**
 * True for a handshake request on a connection that has shaken hands already. It is no message of the session
 * (RIVER-SEQ-01); taken for one while nothing else has come yet, it would use up the number of the true first message.
 */
function isRepeatedHandshake({ seq, controlFlags, payload }: RiverMessage): boolean {
  return seq === 0 && controlFlags === 0 && isHandshakeRequest(payload);
}
