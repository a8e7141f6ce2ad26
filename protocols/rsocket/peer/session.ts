import type { Environment } from '../../common/environment.ts';
import { MOST_CALLS } from '../../common/limits.ts';
import { Room } from '../../common/room.ts';
import { type DecodedFrame, decodeFrame } from '../decode.ts';
import { encodeFrame } from '../encode.ts';
import { CLOSED, errorName, placeOf } from '../error-codes.ts';
import { type ErrorFrame, FLAG, has, isRequest, isTracked, type RequestType, type RSocketFrame } from '../frame.ts';
import { errorFrame, leaseFrame, metadataPushFrame, type Payload, requestFrame } from '../frames.ts';
import { textOf } from '../value.ts';
import { split } from './fragments.ts';
import { TOO_LARGE } from './inlet.ts';
import type { Grant } from './lease.ts';
import { Leases } from './leases.ts';
import { Openings } from './openings.ts';
import { Pulse } from './pulse.ts';
import { Requester, type StreamPort } from './requester.ts';
import { Responder } from './responder.ts';
import { ResumeStore } from './resume-store.ts';
import { PendingCall, type RunningCall } from './running-call.ts';
import type { SessionSettings, Switches } from './settings.ts';
import type { Failure, Handle, RequesterSink } from './sinks.ts';
import { StreamIds } from './stream-ids.ts';
import type { Wire } from './wire.ts';

/** What a session tells its owner. */
export interface SessionOwner {
  /** Runs the handler of an incoming request. */
  readonly handle: Handle;
  /** METADATA_PUSH of the other end. */
  pushed(metadata: Uint8Array): void;
  /** The connection is to be given up as dead; the owner decides whether the session goes on. */
  silent(): void;
  /** The session ended by what the other end said, or did. The owner closes the connection. */
  failed(failure: Failure): void;
}

/** What a call reads where no frame ended it. */
export const LOST: Failure = { code: CLOSED, text: 'the connection is gone' };

/**
 * What one end knows of a connection, or of the connections that resumption joins: its streams, their fragments, leases, positions. A
 * state machine: it is given the frames of the other end and writes its own on whichever connection carries it.
 */
export class Session {
  readonly settings: SessionSettings;
  readonly store = new ResumeStore();
  readonly #environment: Environment;
  readonly #owner: SessionOwner;
  readonly #switches: Switches;
  readonly #port: StreamPort;
  readonly #openings: Openings;
  readonly #ids: StreamIds;
  readonly #requesters = new Map<number, Requester>();
  readonly #responders = new Map<number, Responder>();
  readonly #leases: Leases;
  #received = 0;
  #wire: Wire | undefined;
  #pulse: Pulse | undefined;
  /** The other end asked for an orderly end (RSOCKET-ERROR-03). */
  #closing = false;
  /** Something came that no refusal is. */
  #established = false;
  #over: Failure | undefined;

  constructor(environment: Environment, settings: SessionSettings, switches: Switches, owner: SessionOwner) {
    this.settings = settings;
    this.#environment = environment;
    this.#owner = owner;
    this.#switches = switches;
    const room = new Room();
    this.#openings = new Openings(settings.reassemblyLimit, room);
    this.#leases = new Leases(settings.leases, () => environment.now());
    this.#ids = new StreamIds(settings.side, settings.firstStreamId);
    this.#port = {
      environment,
      reassemblyLimit: settings.reassemblyLimit,
      room,
      write: (frame) => this.write(frame),
      forget: (streamId) => this.#forget(streamId),
    };
  }

  /** Bytes of tracked frames received. */
  get received(): number {
    return this.#received;
  }

  /** True while it has a connection. */
  get isAttached(): boolean {
    return this.#wire !== undefined;
  }

  /** Why it is over, once it is. */
  get over(): Failure | undefined {
    return this.#over;
  }

  /** Goes on over this connection; what the other end has not got is sent again first. */
  attach(wire: Wire, resendFrom?: number): void {
    this.#wire = wire;
    if (resendFrom !== undefined) {
      const frames = this.store.from(resendFrom);
      this.store.acknowledge(resendFrom);
      for (const bytes of frames) wire.send(bytes);
    }
    this.#pulse = new Pulse({
      environment: this.#environment,
      settings: this.settings,
      switches: this.#switches,
      write: (frame) => this.write(frame),
      position: () => (this.settings.resume ? this.#received : 0),
      acknowledged: (position) => this.store.acknowledge(position),
      dead: () => this.#owner.silent(),
    });
    if (resendFrom === undefined && this.settings.grant !== undefined) this.grant(this.settings.grant);
  }

  /** The connection is gone; the session waits for another. */
  detach(): Wire | undefined {
    const wire = this.#wire;
    this.#wire = undefined;
    this.#pulse?.stop();
    this.#pulse = undefined;
    return wire;
  }

  /** Ends everything: pending calls fail, handlers are told. */
  end(failure: Failure = LOST): Wire | undefined {
    if (this.#over !== undefined) return undefined;
    this.#over = failure;
    const wire = this.detach();
    const ends = [...this.#requesters.values(), ...this.#responders.values()];
    this.#leases.end();
    for (const end of ends) end.disconnected(failure);
    return wire;
  }

  /** Grants the other end requests, where leases are honoured (RSOCKET-LEASE-02). */
  grant(grant: Grant): void {
    if (this.#leases.give(grant)) this.write(leaseFrame(grant.ttlMs, grant.requests));
  }

  /** Sends metadata that belongs to no stream. */
  push(metadata: Uint8Array): void {
    this.write(metadataPushFrame(metadata));
  }

  /** Sends a request that is never answered; it waits for a lease where one is needed. */
  fireAndForget(payload: Payload): void {
    this.#leases.whenPermitted(() => {
      if (this.#over === undefined) this.write(requestFrame('REQUEST_FNF', this.takeId(), payload, 0, false));
    });
  }

  /** Starts a call. Where a lease is needed and there is none, it waits for one (RSOCKET-LEASE-01). */
  request(type: Exclude<RequestType, 'REQUEST_FNF'>, payload: Payload, n: number, sink: RequesterSink): RunningCall {
    const call = new PendingCall(sink);
    this.#leases.whenPermitted(() => {
      if (call.isCancelled) return;
      const refused = this.#over ?? (this.#closing ? { code: 'CONNECTION_CLOSE', text: 'the other end is closing' } : undefined);
      if (refused !== undefined) {
        sink.failed(refused);
        return;
      }
      const stream = new Requester(this.#port, type, this.takeId(), sink);
      this.#requesters.set(stream.streamId, stream);
      stream.open(payload, n);
      call.begin(stream);
    });
    return call;
  }

  /** Writes a frame, in fragments where it is too large, and counts what is counted. */
  write(frame: RSocketFrame): void {
    for (const part of split(frame, this.settings.fragmentSize)) this.writeBytes(encodeFrame(part), isTracked(part));
  }

  /** Writes bytes as they are; `tracked` where they count for positions. */
  writeBytes(bytes: Uint8Array, tracked: boolean): void {
    if (tracked) this.store.add(bytes, this.settings.resume);
    this.#wire?.send(bytes);
  }

  /** For scripts: bytes of a frame written by hand; what it ends is over for this end, too. */
  script(bytes: Uint8Array): void {
    const decoded = decodeFrame(bytes);
    this.writeBytes(bytes, decoded.ok && isTracked(decoded.message));
    if (decoded.ok) this.#responders.get(decoded.message.streamId)?.scripted(decoded.message);
  }

  /** For scripts: whether this end has opened a stream, or has heard of the other end's doing so; it may be over. */
  knows(streamId: number): boolean {
    return this.#ids.knows(streamId);
  }

  /** The next id of this end, used up. */
  takeId(): number {
    return this.#ids.take((streamId) => this.#requesters.has(streamId));
  }

  /** Takes a frame of the other end, whatever it is. */
  receive(bytes: Uint8Array): void {
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) {
      this.#undecodable(decoded);
      return;
    }
    const { message: frame } = decoded;
    if (isTracked(frame)) this.#received += bytes.length;
    if (isRequest(frame) && !this.#ids.isOwn(frame.streamId)) this.#ids.heard(frame.streamId);
    if (this.#switches.reactions) this.#take(frame);
  }

  #take(frame: RSocketFrame): void {
    const { streamId } = frame;
    if (frame.type !== 'ERROR' || streamId !== 0) this.#established = true;
    if (isRequest(frame)) {
      this.#requested(frame);
      return;
    }
    switch (frame.type) {
      case 'LEASE':
        if (streamId === 0) this.#leases.take({ requests: frame.requests, ttlMs: frame.ttlMs });
        return;
      case 'KEEPALIVE':
        if (streamId === 0) this.#pulse?.receive(frame);
        return;
      case 'REQUEST_N':
        this.#responders.get(streamId)?.requestN(frame.n);
        this.#requesters.get(streamId)?.requestN(frame.n);
        return;
      case 'CANCEL':
        this.#openings.drop(streamId);
        this.#responders.get(streamId)?.cancelled();
        this.#requesters.get(streamId)?.cancelled();
        return;
      case 'PAYLOAD':
        if (this.#openings.has(streamId)) this.#requested(frame);
        else {
          this.#responders.get(streamId)?.payload(frame);
          this.#requesters.get(streamId)?.payload(frame);
        }
        return;
      case 'ERROR':
        if (streamId === 0) this.#connectionError(frame);
        else {
          this.#openings.drop(streamId);
          this.#responders.get(streamId)?.error(frame);
          this.#requesters.get(streamId)?.error(frame);
        }
        return;
      case 'METADATA_PUSH':
        // With another id it is ignored (RSOCKET-MPUSH-03).
        if (streamId === 0) this.#owner.pushed(frame.metadata ?? frame.data);
        return;
      case 'RESUME':
        // RSOCKET-RESUME-09; a client ignores what only servers are told.
        if (streamId === 0 && this.settings.side === 'server') this.#fail('CONNECTION_ERROR', 'RESUME on a connection that is set up');
        return;
      case 'EXT':
      case 'UNKNOWN':
        // RSOCKET-FRAME-13, -14, -15.
        if (!has(frame, FLAG.IGNORE)) this.#fail('CONNECTION_ERROR', 'a frame of unknown type');
        return;
      case 'SETUP':
      case 'RESUME_OK':
        // RSOCKET-IGNORE-06, -09, -10.
        return;
    }
  }

  #requested(frame: RSocketFrame): void {
    const { streamId } = frame;
    // The parity says whose ids they are; an id in use keeps its stream (RSOCKET-IGNORE-05, RSOCKET-STREAMID-07).
    if (streamId === 0 || this.#ids.isOwn(streamId) || this.#responders.has(streamId)) return;
    if (isRequest(frame) && this.#openings.has(streamId)) return;
    if (isRequest(frame) && !this.#permits(frame)) return;
    const opening = this.#openings.take(frame);
    if (opening === undefined) return;
    if (opening === 'too-large') {
      this.write(errorFrame(streamId, 'INVALID', TOO_LARGE));
      return;
    }
    if (this.#responders.size >= MOST_CALLS) {
      if (opening.type !== 'REQUEST_FNF') this.write(errorFrame(streamId, 'REJECTED', 'more calls are open than this end takes'));
      return;
    }
    const responder = new Responder(this.#port, opening);
    this.#responders.set(streamId, responder);
    responder.start(this.#owner.handle);
  }

  /** Refuses a request that no lease covers (RSOCKET-LEASE-05). */
  #permits({ type, streamId }: RSocketFrame): boolean {
    if (this.#leases.covers()) return true;
    if (type !== 'REQUEST_FNF') this.write(errorFrame(streamId, 'REJECTED', 'outside of the lease'));
    return false;
  }

  #connectionError({ code, data }: ErrorFrame): void {
    if (placeOf(code) !== 'connection') return;
    const failure = { code: errorName(code), text: textOf(data) };
    switch (failure.code) {
      case 'CONNECTION_ERROR':
        this.#owner.failed(failure);
        return;
      case 'CONNECTION_CLOSE':
        this.#closing = true;
        this.#closeWhenIdle();
        return;
      default:
        // A refused SETUP (RSOCKET-SETUP-14); once that is decided these codes mean nothing (RSOCKET-IGNORE-07, -08).
        if (this.settings.side === 'client' && !this.#established) this.#owner.failed(failure);
    }
  }

  #closeWhenIdle(): void {
    if (!this.#closing || this.#requesters.size > 0 || this.#responders.size > 0) return;
    this.#closing = false;
    this.#owner.failed({ code: 'CONNECTION_CLOSE', text: 'the other end closed' });
  }

  #undecodable({ problem, header, error }: Extract<DecodedFrame, { ok: false }>): void {
    if (!this.#switches.reactions) return;
    // What may be ignored is, whatever is wrong with it (RSOCKET-FRAME-12).
    if (problem !== 'long' && header !== undefined && (header.flags & FLAG.IGNORE) !== 0) return;
    this.#fail('CONNECTION_ERROR', error);
  }

  #fail(code: 'CONNECTION_ERROR', text: string): void {
    this.write(errorFrame(0, code, text));
    this.#owner.failed({ code, text });
  }

  #forget(streamId: number): void {
    this.#requesters.delete(streamId);
    this.#responders.delete(streamId);
    this.#closeWhenIdle();
  }
}
