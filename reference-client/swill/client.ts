import type { PeerEvents } from '../../protocols/common/control.ts';
import { type CancelTimer, type Dial, type Environment, type LinkClosed, LOST } from '../../protocols/common/environment.ts';
import type { MessageFrame } from '../../protocols/common/frame.ts';
import { readFrame } from '../../protocols/swill/decode.ts';
import { type Seq, SUBPROTOCOL } from '../../protocols/swill/frame.ts';
import { Call, type CallStart } from './call.ts';
import { type Asking, Connection } from './connection.ts';
import type { ClientSettings } from './settings.ts';

/** Codes with which a connection ends that was not closed in order (notes, section 10). */
const UNCLEAN: ReadonlySet<number> = new Set([LOST, 1015]);

/** Part of the wait before a further attempt that is left to chance. */
const JITTER = 0.1;

/** What a client needs of its surroundings. */
export interface ClientParts {
  readonly environment: Environment;
  readonly dial: Dial;
  readonly events: PeerEvents;
  readonly settings: ClientSettings;
  readonly status: (status: string, detail?: string) => void;
  /** Numbers a connection that is dialled. */
  readonly number: () => number;
}

/** One client: a connection at a time, and the calls on it. */
export class SwillClient {
  readonly #parts: ClientParts;
  /** Calls that wait for a connection. */
  readonly #waiting: Call[] = [];
  readonly #calls = new Map<Seq, Call>();
  #connection: Connection | undefined;
  #nextSeq = 1;
  #attempts = 0;
  #stopTimer: CancelTimer = () => {};
  #closed = false;

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** The connection that there is, open or not. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** The next seq, which is used up by that. */
  takeSeq(): number {
    const seq = this.#nextSeq;
    this.#nextSeq += 1;
    return seq;
  }

  connect(): void {
    if (!this.#closed && this.#connection === undefined) this.#dial();
  }

  /** Dials as a script says, in the place of what there is. */
  dialAs(asking: Partial<Asking>): void {
    this.#stopTimer();
    this.#connection = undefined;
    this.#nextSeq = 1;
    this.#dial(asking);
  }

  call(start: CallStart): Call {
    const call = new Call(start, this.#parts.events);
    if (this.#closed) call.fail('CLOSED', 'the client is over');
    else {
      this.#waiting.push(call);
      if (this.#connection === undefined) this.connect();
      else this.#letOut();
    }
    return call;
  }

  /** Ends it for good: every request that is open is told (SWILL-CLIENT-03). */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopTimer();
    this.#connection?.link.close(1000, '');
    this.#failAll('the client was closed');
    this.#parts.status('closed');
  }

  #dial(asking: Partial<Asking> = {}): void {
    const { environment, dial, settings, number } = this.#parts;
    const { path, host, headers } = settings;
    const whole: Asking = { method: 'GET', path, host, subprotocols: [SUBPROTOCOL], headers, silent: false, ...asking };
    const connection = new Connection(environment, dial, settings.url, number(), whole, {
      opened: () => {
        if (this.#connection !== connection) return;
        this.#stopTimer();
        this.#attempts = 0;
        this.#nextSeq = 1;
        this.#parts.status('connected');
        this.#letOut();
      },
      message: (frame) => this.#take(frame),
      refused: (status) => {
        if (this.#connection !== connection) return;
        this.#parts.status('refused', String(status));
        this.#failAll(`the upgrade was answered with ${status}`);
        this.#attempts = settings.timers.reconnectAttempts;
      },
      closed: (closed) => {
        if (this.#connection === connection) this.#lost(closed);
      },
    });
    this.#connection = connection;
    if (whole.silent) return;
    this.#stopTimer = environment.after(settings.timers.connectTimeoutMs, () => connection.link.abort());
  }

  #letOut(): void {
    const connection = this.#connection;
    if (connection?.state !== 'open') return;
    for (const call of this.#waiting.splice(0)) {
      if (call.isOver) continue;
      const seq = this.takeSeq();
      this.#calls.set(seq, call);
      call.open(seq, (bytes) => connection.link.send({ kind: 'message', class: 'data', text: false, data: bytes }));
    }
  }

  /** What cannot be read, and what nobody waits for, is dropped (SWILL-WIRE-10, P3). */
  #take(frame: MessageFrame): void {
    const read = readFrame(frame, 'server');
    if (!read.ok || read.message.from !== 'server') return;
    const { message } = read;
    const call = this.#calls.get(message.seq);
    call?.take(message);
    if (call?.isOver === true) this.#calls.delete(message.seq);
  }

  /** The connection is over: what was open on it fails; nothing is sent again (SWILL-CLIENT-05). */
  #lost({ code }: LinkClosed): void {
    this.#connection = undefined;
    this.#stopTimer();
    for (const call of this.#calls.values()) call.fail('CLOSED', 'the connection is over');
    this.#calls.clear();
    if (this.#closed) return;
    this.#parts.status('disconnected');
    const { settings, environment } = this.#parts;
    const { reconnectAttempts, reconnectDelayMs } = settings.timers;
    if (!settings.reconnects || !UNCLEAN.has(code) || this.#attempts >= reconnectAttempts) {
      this.#failAll('the connection is over');
      this.#attempts = 0;
      return;
    }
    this.#attempts += 1;
    const jitter = environment.random() * JITTER * reconnectDelayMs;
    this.#stopTimer = environment.after(this.#attempts * reconnectDelayMs + jitter, () => this.connect());
  }

  #failAll(why: string): void {
    for (const call of [...this.#calls.values(), ...this.#waiting.splice(0)]) call.fail('CLOSED', why);
    this.#calls.clear();
  }
}
