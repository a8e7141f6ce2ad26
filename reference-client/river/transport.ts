import { type Dial, type Environment, type Link, randomId } from '../../protocols/common/environment.ts';
import type { MessageFrame } from '../../protocols/common/frame.ts';
import { EncodingError, encodeMessage } from '../../protocols/river/codec.ts';
import { ACK, HEARTBEAT_STREAM, type RiverMessage } from '../../protocols/river/message.ts';
import { binaryFrame } from '../../protocols/river/scripted-message.ts';
import {
  createMessage,
  expectedState,
  type MessageParts,
  type SessionState,
  type Stationery,
  unacknowledged,
} from '../../protocols/river/session.ts';
import type { Behaviour } from './behaviour.ts';
import { closeLink, dialLink, linkOf, type Phase, stopTimer } from './connection.ts';
import { readResponse, requestMessage, requestPayload } from './handshake.ts';
import { readArrival } from './reception.ts';
import { rehandshakeAnswer } from './rehandshake.ts';
import { backoffMs, charge, chargedAt, freshBudget, isExhausted, type RetryBudget, startRefunds } from './retry.ts';
import { SessionKeeper, type SessionListener } from './session-keeper.ts';
import type { ClientSettings } from './settings.ts';
import { watchSilence } from './watchdog.ts';

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

/** One client's connections to its server: dials, shakes hands, resumes, gives up (notes, sections 6 to 11). */
export class ClientTransport {
  readonly keeper: SessionKeeper;
  readonly stationery: Stationery;
  readonly #parts: TransportParts;
  #phase: Phase = { name: 'no-connection' };
  #budget: RetryBudget = freshBudget;
  #lastHeard = 0;
  #closed = false;
  /** The link before the live one. */
  #previous: Link | undefined;
  /** What waits for a link to write on; scripts only. */
  #waiting: readonly ((link: Link) => void)[] = [];

  constructor(parts: TransportParts) {
    const { environment, settings, behaviour, listener } = parts;
    this.#parts = parts;
    this.keeper = new SessionKeeper(environment, settings, behaviour, listener, () => this.destroySession());
    this.stationery = {
      newId: () => randomId(environment),
      encode: (message) => encodeMessage(message, settings.codec),
    };
  }

  /** True after `close`. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** True while messages may be written at once. */
  get isLive(): boolean {
    return this.#phase.name === 'connected' || (this.#phase.name === 'raw' && this.#phase.open);
  }

  /** The link before the live one, for scripts; it may be dead. */
  get previousLink(): Link | undefined {
    return this.#previous;
  }

  /** Asks for a connection; shares the one that is there or on its way (RIVER-RETRY-07). */
  connect(): void {
    if (this.#closed) return;
    this.keeper.ensure();
    if (this.#phase.name !== 'no-connection') return;
    const { environment, settings, listener } = this.#parts;
    const now = environment.now();
    if (isExhausted(this.#budget, now, settings.timers)) {
      listener.status('retry-exceeded');
      return;
    }
    const charged = chargedAt(this.#budget, now, settings.timers);
    const delay = backoffMs(charged, settings.timers, environment.random());
    this.#budget = charge(this.#budget, now, settings.timers);
    this.#phase = { name: 'backing-off', cancel: environment.after(delay, () => this.#dial()) };
  }

  /** Sends a message of `session`; nothing once that session is dead (RIVER-RECON-25). A value the codec cannot carry costs the session (RIVER-ERR-19). */
  send(session: SessionState, parts: MessageParts): void {
    if (session !== this.keeper.current) return;
    this.#orDestroy(() => {
      const { bytes } = createMessage(session, parts, this.stationery);
      if (this.#phase.name === 'connected') this.#phase.link.send(binaryFrame(bytes));
    });
  }

  /** Ends the session and its connection; dials no other (RIVER-RECON-26). */
  destroySession(): void {
    if (this.keeper.current === undefined) return;
    this.#detach(closeLink);
    this.#waiting = [];
    this.keeper.forget();
  }

  /** Ends connection and session for good. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.destroySession();
    this.#parts.listener.status('closed');
  }

  /** For scripts: opens a connection on which nothing happens by itself. One that is up stays up, unheard, as the previous one. */
  connectRaw(): void {
    this.keeper.ensure();
    this.keeper.stopGrace();
    this.#detach((phase) => {
      if (phase.name === 'connecting') phase.link.abort();
    });
    this.#phase = { name: 'raw', link: this.#newLink(), open: false, offered: undefined };
  }

  /** For scripts: the next ok on the raw connection makes `session` this client's. */
  offer(session: SessionState): void {
    if (this.#phase.name === 'raw') this.#phase = { ...this.#phase, offered: session };
  }

  /** For scripts: goes on by itself from where it stands, with a full grace period; a raw connection is left as the previous one. */
  resume(): void {
    if (this.#phase.name === 'raw') this.#detach(() => {});
    if (this.#phase.name === 'no-connection') this.keeper.startGrace();
    this.connect();
  }

  /** For scripts: stops what goes on by itself while there is no connection. */
  pause(): void {
    if (this.#phase.name === 'connected') return;
    this.keeper.stopGrace();
    if (this.#phase.name === 'backing-off') this.#detach(() => {});
  }

  /** For scripts: runs `act` with a link to write on, now where there is one, else once there is, dialling if nothing else does. */
  whenLive(act: (link: Link) => void): void {
    const link = linkOf(this.#phase);
    if (link !== undefined && this.isLive) {
      act(link);
      return;
    }
    this.#waiting = [...this.#waiting, act];
    if (this.#parts.behaviour.reconnect === 'on') this.connect();
  }

  /** For scripts: ends the live link by hand and goes on as after any loss. Throws an Error where there is none. */
  drop(end: (link: Link) => void): void {
    const link = linkOf(this.#phase);
    if (link === undefined) throw new Error(`there is no connection to end (${this.#phase.name})`);
    this.#lose(() => end(link));
  }

  #newLink(): Link {
    return dialLink(this.#parts.dial, (link) => linkOf(this.#phase) === link, {
      opened: (link) => this.#opened(link),
      message: (link, frame) => this.#received(link, frame),
      closed: () => this.#lose(() => {}),
    });
  }

  #dial(): void {
    const { environment, settings } = this.#parts;
    const link = this.#newLink();
    const cancel = environment.after(settings.timers.connectionTimeoutMs, () => this.#lose(() => link.abort()));
    this.#phase = { name: 'connecting', link, cancel };
  }

  #opened(link: Link): void {
    if (this.#phase.name === 'connecting') {
      this.#startHandshake(link);
    } else if (this.#phase.name === 'raw') {
      this.#phase = { ...this.#phase, open: true };
      this.#runWaiting(link);
    }
  }

  #startHandshake(link: Link): void {
    const { environment, settings } = this.#parts;
    const session = this.keeper.ensure();
    stopTimer(this.#phase);
    const cancel = environment.after(settings.timers.handshakeTimeoutMs, () => this.#lose(closeLink));
    this.#phase = { name: 'handshaking', link, cancel };
    const metadata = settings.constructMetadata();
    if (metadata.kind === 'failed') {
      this.destroySession();
      return;
    }
    this.#orDestroy(() => {
      const payload = requestPayload(session.sessionId, expectedState(session), metadata);
      link.send(binaryFrame(this.stationery.encode(requestMessage(settings, this.stationery.newId, payload))));
    });
  }

  #received(link: Link, frame: MessageFrame): void {
    const session = this.keeper.ensure();
    const { codec } = this.#parts.settings;
    switch (this.#phase.name) {
      case 'handshaking':
        this.#receivedResponse(session, link, frame);
        return;
      case 'connected':
        this.#receivedMessage(session, frame);
        return;
      case 'raw': {
        const { offered } = this.#phase;
        if (offered === undefined || readResponse(frame, codec, offered.sessionId).kind !== 'ok') return;
        this.keeper.replace(offered);
        this.#established(offered, link);
      }
    }
  }

  #receivedResponse(session: SessionState, link: Link, frame: MessageFrame): void {
    const { settings, behaviour, listener } = this.#parts;
    const outcome = readResponse(frame, settings.codec, session.sessionId);
    if (outcome.kind === 'ok') {
      this.#established(session, link);
      return;
    }
    this.destroySession();
    if (outcome.kind === 'mismatch' && behaviour.reconnect === 'on') this.connect();
    if (outcome.kind === 'fatal') listener.status('handshake-failed', outcome.code);
  }

  #established(session: SessionState, link: Link): void {
    const { environment, settings, behaviour, listener } = this.#parts;
    stopTimer(this.#phase);
    this.keeper.stopGrace();
    this.#lastHeard = environment.now();
    this.#budget = startRefunds(this.#budget, environment.now());
    const lastHeard = () => (behaviour.watchdog === 'on' ? this.#lastHeard : environment.now());
    const cancel = watchSilence(environment, settings.timers, lastHeard, () => this.#lose(() => link.abort()));
    this.#phase = { name: 'connected', link, cancel };
    if (behaviour.replay === 'on') {
      for (const sent of unacknowledged(session)) link.send(binaryFrame(sent.bytes));
    }
    this.#runWaiting(link);
    listener.status('connected');
  }

  #receivedMessage(session: SessionState, frame: MessageFrame): void {
    const { environment, settings, behaviour, listener } = this.#parts;
    const arrival = readArrival(session, frame, settings.codec, behaviour.gapCheck === 'on' ? 'refuse' : 'take');
    switch (arrival.kind) {
      case 'invalid':
        this.destroySession();
        return;
      case 'gap':
        this.#lose(closeLink);
        return;
      case 'duplicate':
        return;
    }
    this.#lastHeard = environment.now();
    if (arrival.kind === 'message') {
      listener.message(arrival.message);
    } else if (arrival.kind === 'heartbeat' && behaviour.heartbeats === 'on') {
      this.send(session, { streamId: HEARTBEAT_STREAM, controlFlags: ACK, payload: { type: 'ACK' } });
    } else if (arrival.kind === 'rehandshake') {
      const answer = rehandshakeAnswer(arrival.payload, behaviour.rehandshake, settings.constructMetadata);
      if (answer !== undefined) this.send(session, answer);
    }
  }

  /** The connection is gone or given up; the session stays (RIVER-RECON-01, -19 to -21). */
  #lose(end: (phase: Phase) => void): void {
    const { settings, behaviour, listener } = this.#parts;
    const lost = this.#phase.name;
    this.#detach(end);
    if (lost === 'raw') return;
    if (lost === 'connected') {
      this.keeper.startGrace();
      listener.status('disconnected');
    }
    if (behaviour.reconnect === 'off') return;
    if (lost === 'connected' && !settings.transparentReconnects) this.destroySession();
    this.connect();
  }

  /** Leaves the phase: its timer stops and its link is heard no more, before `end` does what is left to do with it. */
  #detach(end: (phase: Phase) => void): void {
    const phase = this.#phase;
    stopTimer(phase);
    this.#previous = linkOf(phase) ?? this.#previous;
    this.#phase = { name: 'no-connection' };
    end(phase);
  }

  #orDestroy(send: () => void): void {
    try {
      send();
    } catch (error) {
      if (!(error instanceof EncodingError)) throw error;
      this.destroySession();
    }
  }

  #runWaiting(link: Link): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const act of waiting) act(link);
  }
}
