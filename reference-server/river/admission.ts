import type { CancelTimer } from '../../protocols/common/environment.ts';
import type { MessageFrame } from '../../protocols/common/frame.ts';
import type { HandshakeRequest, RiverMessage } from '../../protocols/river/message.ts';
import { binaryFrame } from '../../protocols/river/scripted-message.ts';
import { nextSentSeq } from '../../protocols/river/session.ts';
import type { Connection } from './connection.ts';
import { type ExistingSession, placeSession, type Refusal, readRequest } from './handshake.ts';
import type { Verdict } from './policy.ts';
import { judge } from './rehandshake.ts';
import type { Credential, ServerSession } from './session.ts';
import type { Surroundings } from './surroundings.ts';

/** What an admission needs of the server's table of sessions. */
export interface SessionTable {
  existing(clientId: string): ServerSession | undefined;
  create(clientId: string, sessionId: string): ServerSession;
  /** The session was connected. */
  established(session: ServerSession): void;
}

/** What a script made of a pending handshake's answer. */
export type Interference =
  | { readonly kind: 'none' }
  /** `write` answers, given the envelope of a normal ok; with `establish` all goes on as if ok had been sent. */
  | { readonly kind: 'replace'; readonly establish: boolean; write(connection: Connection, normal: Record<string, unknown>): void }
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  | { readonly kind: 'silent' }
  | { readonly kind: 'hold' };

/** A connection that waits for its handshake (RIVER-RECON-23). */
export class Admission {
  readonly connection: Connection;
  /** Who asked, once a decodable request arrived. */
  request: RiverMessage | undefined;
  readonly #surroundings: Surroundings;
  readonly #table: SessionTable;
  readonly #interfere: () => Interference;
  readonly #cancelTimeout: CancelTimer;
  #cancelJudge: CancelTimer | undefined;
  #held: (() => void) | undefined;

  constructor(surroundings: Surroundings, connection: Connection, table: SessionTable, interfere: () => Interference) {
    this.#surroundings = surroundings;
    this.connection = connection;
    this.#table = table;
    this.#interfere = interfere;
    const { environment, timers } = surroundings;
    this.#cancelTimeout = environment.after(timers.handshakeTimeoutMs, () => this.#close());
    connection.own({ message: (frame) => this.#receive(frame), closed: () => this.#settle() });
  }

  /** Gives the answer that a script holds back. False where none is held. */
  release(): boolean {
    const held = this.#held;
    this.#held = undefined;
    held?.();
    return held !== undefined;
  }

  #receive(frame: MessageFrame): void {
    const decoded = this.#surroundings.read(frame);
    // A second message while the first is being validated spoils the handshake (RIVER-HS-27); no answer to what is no message (RIVER-HS-09).
    if (!decoded.ok || this.request !== undefined) {
      this.#close();
      return;
    }
    const message = decoded.message;
    this.request = message;
    const interference = this.#interfere();
    if (interference.kind === 'silent' || interference.kind === 'hold') {
      this.#cancelTimeout();
      this.connection.own({ message: () => {}, closed: () => this.#settle() });
    }
    if (interference.kind === 'silent') return;
    if (interference.kind === 'hold') this.#held = () => this.#decide(message, { kind: 'none' });
    else this.#decide(message, interference);
  }

  #decide(message: RiverMessage, interference: Exclude<Interference, { kind: 'silent' | 'hold' }>): void {
    if (interference.kind === 'refuse') {
      this.#refuse(interference.refusal);
      return;
    }
    const read = readRequest(message, this.#surroundings.serverId, this.#surroundings.policy);
    if (interference.kind === 'replace' && !interference.establish) {
      this.#cancelTimeout();
      this.connection.own({ message: () => {}, closed: () => this.#settle() });
      const sessionId = read.kind === 'request' ? read.request.sessionId : '';
      interference.write(this.connection, this.#response(message, { ok: true, sessionId }));
      return;
    }
    if (read.kind === 'refuse') {
      this.#refuse(read);
      return;
    }
    this.#cancelJudge = judge(this.#surroundings, read.request.metadata, (verdict) =>
      this.#judged(message, read.request, verdict, interference),
    );
  }

  #judged(message: RiverMessage, request: HandshakeRequest, verdict: Verdict, interference: Interference): void {
    if (verdict.kind === 'refuse') {
      this.#refuse(verdict);
      return;
    }
    const existing = this.#table.existing(message.from);
    const placement = placeSession(request, existing && factsOf(existing), this.#surroundings.transparentReconnects);
    if (placement.kind !== 'resume' && placement.dropOld) existing?.destroy('displaced by another handshake of its client');
    if (placement.kind === 'refuse') {
      this.#refuse(placement);
      return;
    }
    this.#settle();
    const session = placement.kind === 'resume' && existing ? existing : this.#table.create(message.from, request.sessionId);
    const answer = this.#response(message, { ok: true, sessionId: request.sessionId });
    if (interference.kind === 'replace') interference.write(this.connection, answer);
    else this.#send(answer);
    const metadata = this.#surroundings.policy === undefined ? undefined : request.metadata;
    const credential: Credential = { metadata, expiresInMs: verdict.expiresInMs };
    session.attach(this.connection, credential);
    this.#table.established(session);
  }

  /** Says why, then closes; nothing else follows (RIVER-HS-18). */
  #refuse({ code, reason }: Pick<Refusal, 'code' | 'reason'>): void {
    if (this.request !== undefined) this.#send(this.#response(this.request, { ok: false, code, reason }));
    this.#surroundings.status('handshake-failed', code);
    this.#close();
  }

  #send(envelope: Record<string, unknown>): void {
    this.connection.send(binaryFrame(this.#surroundings.stationery.encode(envelope)));
  }

  /** The envelope of an answer (RIVER-HS-02, RIVER-HS-31). */
  #response(request: RiverMessage, status: unknown): Record<string, unknown> {
    const { stationery, serverId } = this.#surroundings;
    const [id, streamId] = [stationery.newId(), stationery.newId()];
    const payload = { type: 'HANDSHAKE_RESP', status };
    return { id, from: serverId, to: request.from, seq: 0, ack: 0, streamId, controlFlags: 0, payload };
  }

  #close(): void {
    this.#settle();
    this.connection.giveUp();
  }

  #settle(): void {
    this.#cancelTimeout();
    this.#cancelJudge?.();
    this.#held = undefined;
  }
}

function factsOf({ books }: ServerSession): ExistingSession {
  return { sessionId: books.sessionId, ack: books.ack, nextSentSeq: nextSentSeq(books) };
}
