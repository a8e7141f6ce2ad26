import { AbsenceError } from '../../protocols/common/absence.ts';
import { type Link, type LinkEvents, randomId } from '../../protocols/common/environment.ts';
import type { MessageFrame } from '../../protocols/common/frame.ts';
import { EncodingError, encodeMessage } from '../../protocols/river/codec.ts';
import { ACK, HEARTBEAT_STREAM } from '../../protocols/river/message.ts';
import { binaryFrame } from '../../protocols/river/scripted-message.ts';
import {
  createMessage,
  expectedState,
  type MessageParts,
  type SessionState,
  type Stationery,
  unacknowledged,
} from '../../protocols/river/session.ts';
import { AttemptScheduler } from './attempt-scheduler.ts';
import { closeLink, eventsWhileCurrent, linkOf, type Phase, stopTimer } from './connection.ts';
import { readResponse, requestMessage, requestPayload } from './handshake.ts';
import { readArrival } from './reception.ts';
import { rehandshakeAnswer } from './rehandshake.ts';
import { SessionKeeper } from './session-keeper.ts';
import type { TransportParts } from './transport-parts.ts';
import { watchSilence } from './watchdog.ts';

/** One client's connections to its server: dials, shakes hands, resumes, gives up (notes, sections 6 to 11). */
export class ClientTransport {
  readonly keeper: SessionKeeper;
  readonly stationery: Stationery;
  readonly #parts: TransportParts;
  readonly #scheduler: AttemptScheduler;
  #phase: Phase = { name: 'no-connection' };
  #lastHeard = 0;
  #closed = false;

  constructor(parts: TransportParts) {
    const { environment, settings, behaviour, listener } = parts;
    this.#parts = parts;
    this.#scheduler = new AttemptScheduler(environment, settings.timers);
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

  /** The link of an established connection. */
  get liveLink(): Link | undefined {
    return this.#phase.name === 'connected' ? this.#phase.link : undefined;
  }

  /** Asks for a connection; shares the one that is there or on its way (RIVER-RETRY-07). */
  connect(): void {
    if (this.#closed) return;
    this.keeper.ensure();
    if (this.#phase.name !== 'no-connection') return;
    const cancel = this.#scheduler.schedule(() => this.#dial());
    if (cancel === undefined) this.#parts.listener.status('retry-exceeded');
    else this.#phase = { name: 'backing-off', cancel };
  }

  /** Sends a message of `session`; nothing once that session is dead (RIVER-RECON-25). A value the codec cannot carry costs the session (RIVER-ERR-19). */
  send(session: SessionState, parts: MessageParts): void {
    if (session !== this.keeper.current) return;
    this.#orDestroy(() => {
      const { bytes } = createMessage(session, parts, this.stationery);
      this.liveLink?.send(binaryFrame(bytes));
    });
  }

  /** Ends the session and its connection; dials no other (RIVER-RECON-26). */
  destroySession(): void {
    if (this.keeper.current === undefined) return;
    this.#detach(closeLink);
    this.keeper.forget();
  }

  /** Ends connection and session for good. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.destroySession();
    this.#parts.listener.status('closed');
  }

  /** For scripts: gives the stage to another connection. One that is up stays up, unheard; the session waits without limit. */
  suspend(): void {
    this.keeper.ensure();
    this.#detach((phase) => {
      if (phase.name !== 'connected') closeLink(phase);
    });
    this.keeper.stopGrace();
  }

  /** For scripts: dials no more and lets the session wait without limit; what is connected or under way goes on. */
  pause(): void {
    if (this.#phase.name !== 'connected') this.keeper.stopGrace();
    if (this.#phase.name === 'backing-off') this.#detach(() => {});
  }

  /** For scripts: goes on by itself from where it stands, with a full grace period. */
  resume(): void {
    if (this.#phase.name === 'no-connection') this.keeper.startGrace();
    this.connect();
  }

  /** For scripts: carries `session` from now on, over a link on which its handshake succeeded; the events are to hear of that link. */
  takeOver(session: SessionState, link: Link): LinkEvents {
    this.suspend();
    this.keeper.replace(session);
    this.#established(session, link);
    return this.#eventsOf(() => link);
  }

  /** For scripts: ends the live link by hand and goes on as after any loss. Throws an Error where there is none. */
  drop(end: (link: Link) => void): void {
    const link = linkOf(this.#phase);
    if (link === undefined) throw new AbsenceError(`there is no connection to end (${this.#phase.name})`);
    this.#lose(() => end(link));
  }

  #eventsOf(link: () => Link): LinkEvents {
    return eventsWhileCurrent(link, () => linkOf(this.#phase), {
      opened: (opened) => this.#startHandshake(opened),
      message: (from, frame) => this.#received(from, frame),
      closed: () => this.#lose(() => {}),
    });
  }

  #dial(): void {
    const { environment, settings, dial } = this.#parts;
    const link: Link = dial(this.#eventsOf(() => link));
    const cancel = environment.after(settings.timers.connectionTimeoutMs, () => this.#lose(() => link.abort()));
    this.#phase = { name: 'connecting', link, cancel };
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
    if (this.#phase.name === 'connected') this.#receivedMessage(session, frame);
    else this.#receivedResponse(session, link, frame);
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
    this.#scheduler.succeeded();
    const lastHeard = () => (behaviour.watchdog === 'on' ? this.#lastHeard : environment.now());
    const cancel = watchSilence(environment, settings.timers, lastHeard, () => this.#lose(() => link.abort()));
    this.#phase = { name: 'connected', link, cancel };
    if (behaviour.replay === 'on') {
      for (const sent of unacknowledged(session)) link.send(binaryFrame(sent.bytes));
    }
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
}
