import { AbsenceError } from '../../protocols/common/absence.ts';
import type { ConnectParams } from '../../protocols/common/control.ts';
import type { CancelTimer, Dial, Environment, LinkEvents } from '../../protocols/common/environment.ts';
import { decodeFrame } from '../../protocols/rsocket/decode.ts';
import { encodeFrame } from '../../protocols/rsocket/encode.ts';
import { errorName } from '../../protocols/rsocket/error-codes.ts';
import { resumeFrame, setupFrame } from '../../protocols/rsocket/frames.ts';
import { type LinkWire, linkWire } from '../../protocols/rsocket/peer/link-wire.ts';
import { type ClientOptions, clientOptions } from '../../protocols/rsocket/peer/options.ts';
import { host, type Observe } from '../../protocols/rsocket/peer/services/host.ts';
import { freshState } from '../../protocols/rsocket/peer/services/service.ts';
import { LOST, Session } from '../../protocols/rsocket/peer/session.ts';
import { conformingSwitches, ownSettings } from '../../protocols/rsocket/peer/settings.ts';
import type { Failure } from '../../protocols/rsocket/peer/sinks.ts';
import { type RSocketTimers, readTimers } from '../../protocols/rsocket/timers.ts';
import { textOf } from '../../protocols/rsocket/value.ts';

/** How long the other end has to close a connection that it has failed, nominal ms. */
const LEAVE_AFTER_MS = 200;

/** Bytes of a resume token. */
const TOKEN_BYTES = 16;

/** What a client is told to do, and whom it tells what. */
export interface ClientParts {
  readonly environment: Environment;
  readonly dial: Dial;
  readonly params: ConnectParams;
  readonly observe: Observe;
  pushed(metadata: Uint8Array): void;
  status(status: string, detail?: string): void;
  /** One more connection was dialled. Gives its number among all of this peer. */
  dialled(): number;
}

/** A connection, and what it is for. */
interface Line {
  readonly wire: LinkWire;
  readonly number: number;
  /** `fresh`: SETUP was, or will be, the first frame. `resuming`: RESUME was sent. `raw`: a script writes. */
  mode: 'fresh' | 'resuming' | 'raw';
  open: boolean;
  readonly whenOpen: (() => void)[];
}

/** One client: a session, and the connection that carries it. */
export class RSocketClient {
  readonly options: ClientOptions;
  readonly timers: RSocketTimers;
  readonly switches = conformingSwitches();
  readonly manual = new Set<string>();
  readonly token: Uint8Array | undefined;
  readonly #parts: ClientParts;
  #session: Session;
  #line: Line | undefined;
  /** Connection on which the session began. */
  #first: number | undefined;
  #retry: CancelTimer = () => {};
  #expiry: CancelTimer = () => {};
  #waiting: (() => void)[] = [];
  #hasDialled = false;
  /** Off while a script says so: nothing is dialled but by hand. */
  reconnect = true;

  constructor(parts: ClientParts) {
    const { environment, params } = parts;
    this.#parts = parts;
    this.options = clientOptions.parse(params.options);
    this.timers = readTimers(params.timers);
    this.token = this.options.resume ? (this.options.token ?? randomToken(environment)) : undefined;
    this.#session = this.#newSession();
    if (params.eager) this.connect();
  }

  get session(): Session {
    return this.#session;
  }

  /** The number of the connection on which the session began. */
  get firstConnection(): number {
    return this.#first ?? 0;
  }

  /** True once nothing of it goes on. */
  get isClosed(): boolean {
    return this.#session.over !== undefined;
  }

  /** Dials, unless it has or seeks a connection. */
  connect(): void {
    if (this.#line === undefined && !this.isClosed) this.#dial('fresh');
  }

  /** Runs `act` once requests can be sent; dials where nothing does. Of a client that is over at once, since that is an answer, too. */
  whenReady(act: (session: Session) => void): void {
    if (this.isClosed || this.#session.isAttached || this.#first !== undefined) act(this.#session);
    else {
      this.#waiting.push(() => act(this.#session));
      this.connect();
    }
  }

  /** Ends it for good; pending calls are told. */
  close(): void {
    this.#end(LOST, (wire) => wire.close());
  }

  /** For scripts: a connection on which nothing is sent by itself. One that was live goes on unheard. */
  connectRaw(): void {
    this.#retry();
    this.#expiry();
    this.#session.detach();
    this.#dial('raw');
  }

  /** For scripts: this client lives on the raw connection from now on; `first` is its first frame. */
  live(mode: 'fresh' | 'resuming', first: readonly Uint8Array[]): void {
    const line = this.#line;
    if (line === undefined) throw new Error('there is no connection; use `connect: raw` first');
    this.whenOpen(() => {
      line.mode = mode;
      for (const bytes of first) line.wire.send(bytes);
      if (mode === 'fresh') this.#start(line);
    });
  }

  /**
   * For scripts: runs `act` with the connection, once it is open. Dials where there has been none. Where there was one that is over,
   * nothing is done: what is written then is lost, as on any socket.
   */
  whenOpen(act: (wire: LinkWire) => void): void {
    if (!this.#hasDialled) this.connect();
    const line = this.#line;
    if (line === undefined) return;
    if (line.open) act(line.wire);
    else line.whenOpen.push(() => act(line.wire));
  }

  /** For scripts: ends the connection by hand; what follows is as after any loss. */
  drop(end: (wire: LinkWire) => void): void {
    const line = this.#line;
    if (line === undefined) throw new AbsenceError('there is no connection to end');
    end(line.wire);
    if (line.mode !== 'raw') this.#lost(line);
  }

  /** For scripts: no longer waits for the next attempt, or begins with it. */
  setReconnect(on: boolean): void {
    this.reconnect = on;
    this.#retry();
    if (on && this.#line === undefined && this.#first !== undefined) this.#resume();
  }

  #newSession(): Session {
    const { environment, observe, pushed } = this.#parts;
    const { options, timers } = this;
    const leases = options.leaseRequests !== undefined;
    const session: Session = new Session(
      environment,
      {
        side: 'client',
        ...ownSettings(options, timers),
        keepaliveMs: timers.keepaliveMs,
        lifetimeMs: timers.lifetimeMs,
        resume: options.resume,
        leases,
      },
      this.switches,
      {
        handle: host(
          {
            environment,
            timeScale: options.timeScale,
            state: freshState(),
            callBack: (payload, sink) => session.request('REQUEST_RESPONSE', payload, 0, sink),
            pushBack: (metadata) => session.push(metadata),
          },
          this.manual,
          observe,
        ),
        pushed,
        silent: () => {
          const line = this.#line;
          line?.wire.abort();
          if (line !== undefined) this.#lost(line);
        },
        failed: (failure) => this.#failed(failure),
      },
    );
    return session;
  }

  #dial(mode: Line['mode']): void {
    const { dial } = this.#parts;
    const number = this.#parts.dialled();
    const events: LinkEvents = {
      opened: () => this.#opened(line),
      message: (frame) => {
        if (line === this.#line && !frame.text) this.#received(line, frame.data);
      },
      closed: () => {
        line.open = false;
        if (line === this.#line) this.#lost(line);
      },
    };
    const line: Line = { wire: linkWire(dial(events)), number, mode, open: false, whenOpen: [] };
    this.#line = line;
    this.#hasDialled = true;
  }

  #opened(line: Line): void {
    line.open = true;
    if (line !== this.#line) return;
    if (line.mode === 'fresh') {
      line.wire.send(encodeFrame(this.setup()));
      this.#start(line);
    }
    if (line.mode === 'resuming') line.wire.send(encodeFrame(this.resumption()));
    for (const act of line.whenOpen.splice(0)) act();
  }

  /** The SETUP that this client sends. */
  setup(): ReturnType<typeof setupFrame> {
    const { options, timers, token } = this;
    return setupFrame({
      keepaliveMs: timers.keepaliveMs,
      lifetimeMs: timers.lifetimeMs,
      token,
      lease: options.leaseRequests !== undefined,
      metadataMime: options.metadataMime,
      dataMime: options.dataMime,
      data: options.setupData ?? new Uint8Array(),
      metadata: options.setupMetadata,
    });
  }

  /** The RESUME that it sends (RSOCKET-RESUME-02). */
  resumption(): ReturnType<typeof resumeFrame> {
    return resumeFrame(this.token ?? new Uint8Array(), this.#session.received, this.#session.store.first);
  }

  /** Requests may follow SETUP at once. */
  #start(line: Line): void {
    this.#first = line.number;
    this.#session.attach(line.wire);
    this.#parts.status('connected');
    for (const act of this.#waiting.splice(0)) act();
  }

  #received(line: Line, bytes: Uint8Array): void {
    if (line.mode === 'fresh') this.#session.receive(bytes);
    if (line.mode === 'resuming') this.#answered(line, bytes);
  }

  /** Until RESUME_OK nothing is sent, and nothing else is an answer (RSOCKET-RESUME-01). */
  #answered(line: Line, bytes: Uint8Array): void {
    const decoded = decodeFrame(bytes);
    if (!decoded.ok || decoded.message.streamId !== 0) return;
    const { message: frame } = decoded;
    if (frame.type === 'ERROR') {
      // No session is asked for again that was refused (RSOCKET-RESUME-08).
      this.#failed({ code: errorName(frame.code), text: textOf(frame.data) });
      return;
    }
    if (frame.type !== 'RESUME_OK') return;
    const position = Number(frame.position);
    if (!this.#session.store.canServe(position)) {
      this.#failed({ code: 'CONNECTION_ERROR', text: `the server has ${position} bytes, which cannot be gone on from` });
      return;
    }
    this.#expiry();
    line.mode = 'fresh';
    this.#session.attach(line.wire, position);
    this.#parts.status('resumed');
  }

  #failed(failure: Failure): void {
    this.#parts.status('refused', failure.code);
    // Whoever refuses or fails a connection ends it; this end does where that does not come.
    this.#end(failure, (wire) => this.#parts.environment.after(LEAVE_AFTER_MS * this.options.timeScale, () => wire.close()));
  }

  #lost(line: Line): void {
    this.#line = undefined;
    const wasRaw = line.mode === 'raw';
    this.#session.detach();
    if (wasRaw || this.isClosed) return;
    this.#parts.status('disconnected');
    if (this.token === undefined || this.#first === undefined) {
      this.#end(LOST, () => {});
      return;
    }
    if (line.mode === 'fresh') {
      this.#expiry();
      this.#expiry = this.#parts.environment.after(this.timers.resumeExpiryMs, () => this.#end(LOST, () => {}));
      if (this.reconnect) this.#resume();
    } else if (this.reconnect) {
      this.#retry = this.#parts.environment.after(this.timers.reconnectIntervalMs, () => this.#resume());
    }
  }

  #resume(): void {
    if (!this.isClosed && this.#line === undefined) this.#dial('resuming');
  }

  #end(failure: Failure, leave: (wire: LinkWire) => void): void {
    if (this.isClosed) return;
    this.#retry();
    this.#expiry();
    const line = this.#line;
    this.#line = undefined;
    this.#session.end(failure);
    for (const act of this.#waiting.splice(0)) act();
    if (line !== undefined) leave(line.wire);
    this.#parts.status('closed');
  }
}

function randomToken(environment: Environment): Uint8Array {
  return Uint8Array.from({ length: TOKEN_BYTES }, () => Math.floor(environment.random() * 256));
}
