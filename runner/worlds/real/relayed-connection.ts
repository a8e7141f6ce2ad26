import { connect, type Socket } from 'node:net';
import { firstBytes, lengthOf, type Pieces } from '../../../protocols/common/byte-queue.ts';
import { type Carrier, type CarrierProblem, type Conversation, isFin, type WireItem } from '../../../protocols/common/carrier.ts';
import { type Frame, otherSide, type Side } from '../../../protocols/common/frame.ts';
import { within } from '../../adapters/within.ts';
import type { Split } from '../../faults/exchange.ts';
import { cutAt, Outlet, reset, segmentsOf } from './outlet.ts';

/** What a relayed connection tells the relay. Nothing more once the connection was ended from this side. */
export interface ConnectionEvents {
  /** Whether frames pass as they come, whatever they are: no fault is armed that could strike one. */
  idle(): boolean;
  /** Tells frames that have passed already, when somebody wants to know of them. */
  later(tell: () => void): void;
  /** Lets everything be told that was put off. */
  catchUp(): void;
  frame(from: Side, frame: Frame): void;
  /** A side's byte stream is over, and with it the connection. Once for each side. */
  ended(by: Side, how: 'fin' | 'rst'): void;
  /** The acceptor was reached, or why it was not. At most once. */
  reached(failure: NodeJS.ErrnoException | undefined): void;
  /** A side does what its carrier does not allow, or refuses to carry; its bytes pass as they are. */
  problem(from: Side, problem: CarrierProblem): void;
  /** Bytes begin that are longer than what this relay reads; they pass as they are. */
  unread(from: Side, error: string): void;
  /** A side sent so many more frames, parts of frames among them. It may end the connection. */
  traffic(from: Side, frames: number): void;
  /** Calls back a moment later. */
  pause(then: () => void): void;
}

/** Where connections go on to. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
  /** Host and port by which the acceptor knows itself, where it is not reached directly (default: `host:port`). */
  readonly authority?: string | undefined;
}

/** Frames of one direction that are read in one turn of the event loop. Others wait for theirs: runs share the loop, and its timers. */
const FRAMES_A_TURN = 128;

const SIDES = ['dialler', 'acceptor'] as const;

type State = 'new' | 'open' | 'silent' | 'turning-away' | 'over';

/** One connection at the relay and the connection that it is passed on to. */
export class RelayedConnection {
  readonly #events: ConnectionEvents;
  readonly #carrier: Carrier;
  readonly #random: () => number;
  readonly #sockets: Partial<Record<Side, Socket>>;
  readonly #outlets: Record<Side, Outlet>;
  readonly #seesOpenings: boolean;
  #conversation: Conversation;
  readonly #ended: Record<Side, boolean> = { dialler: false, acceptor: false };
  /** Sides that have sent their FIN, where that is a frame. */
  readonly #finished: Record<Side, boolean> = { dialler: false, acceptor: false };
  /** The frame on its way, and the bytes in which it came. */
  #passing: { readonly frame: Frame; readonly raw: Pieces; delivered: boolean } | undefined;
  /** The bytes of frames that a fault keeps back. Weak, since most of those are never seen again. */
  readonly #kept = new WeakMap<Frame, Pieces>();
  /** A chunk is being read: what it brings is written when all of it is known, or is written already. */
  #reading: 'no' | 'gathering' | 'written' = 'no';
  #state: State = 'new';
  /** Directions in which frames wait for their turn, and how the end of their bytes came meanwhile. */
  readonly #waiting: Partial<Record<Side, { end: 'fin' | 'rst' | undefined }>> = {};

  /** `random` is what the carrier makes unforeseeable bytes of, in frames that the relay writes itself. */
  constructor(dialler: Socket, carrier: Carrier, events: ConnectionEvents, random: () => number, seesOpenings: boolean) {
    this.#events = events;
    this.#carrier = carrier;
    this.#random = random;
    this.#seesOpenings = seesOpenings;
    this.#sockets = { dialler };
    this.#conversation = carrier.converse({ authority: '', seen: '' });
    const outlet = (to: Side) =>
      // The other side is read again when this one has taken what it was given.
      new Outlet({ full: () => this.#sockets[otherSide(to)]?.pause(), pause: events.pause });
    this.#outlets = { dialler: outlet('dialler'), acceptor: outlet('acceptor') };
    this.#outlets.dialler.attach(dialler);
  }

  /** Lets the connection through. An acceptor that cannot be reached has ended it with `rst`. */
  accept({ host, port, authority = `${host}:${port}` }: Upstream): void {
    this.#state = 'open';
    const { localAddress, localPort } = this.#sockets.dialler ?? {};
    const seen = `${localAddress}:${localPort}`;
    this.#conversation = this.#carrier.converse({ authority, seen, seesOpenings: this.#seesOpenings });
    const acceptor = connect({ host, port, noDelay: true, allowHalfOpen: true });
    this.#sockets.acceptor = acceptor;
    this.#outlets.acceptor.attach(acceptor);
    acceptor.once('connect', () => this.#events.reached(undefined));
    acceptor.once('error', (error: NodeJS.ErrnoException) => {
      if (error.syscall !== 'read' && error.syscall !== 'write') this.#events.reached(error);
    });
    this.#listen('dialler');
    this.#listen('acceptor');
  }

  /** Does not let it through: reset at once, never answered, or turned away in words. */
  refuse(how: 'reset' | 'silent' | 'http'): void {
    this.#state = how === 'silent' ? 'silent' : how === 'http' ? 'turning-away' : 'over';
    this.#listen('dialler');
    if (how === 'reset') this.#sockets.dialler?.resetAndDestroy();
  }

  /** Writes a frame toward a side: the bytes in which it came, or new ones where it was made up or is to be split. */
  deliver(to: Side, frame: Frame, split: Split | undefined): void {
    const written = this.#reading === 'written' && this.#passing?.frame === frame && !this.#passing.delivered;
    if (isFin(this.#carrier, frame)) this.#outlets[to].end('half');
    else if (split !== undefined) this.#writeSplit(to, frame, split);
    else if (!written) this.#write(to, this.#rawOf(frame) ?? [this.#encode(to, frame, 1)]);
    if (this.#passing?.frame === frame) this.#passing.delivered = true;
  }

  /** Writes the first half of a frame's bytes, at least one and never all. */
  deliverPart(to: Side, frame: Frame): void {
    const raw = this.#rawOf(frame) ?? [this.#encode(to, frame, 1)];
    this.#write(to, firstBytes(raw, Math.max(1, Math.floor(lengthOf(raw) / 2))));
  }

  /** Bytes that a side has sent so far, those of frames among them that are not complete. */
  taken(from: Side): number {
    return this.#sockets[from]?.bytesRead ?? 0;
  }

  /** Ends both sides once what was written before has gone out. What they still send is not read as anything. */
  end(how: 'fin' | 'rst'): void {
    this.#state = 'over';
    for (const side of SIDES) this.#outlets[side].end(how);
  }

  /** Lets go of both sockets at once. Resolves when they are gone. */
  async destroy(): Promise<void> {
    this.#events.catchUp();
    this.#state = 'over';
    await Promise.all(Object.values(this.#sockets).map(letGo));
  }

  /** Ends both sides, and lets go of what is not gone after so many ms of wall clock. Resolves when both sockets are gone. */
  async close(patienceMs: number): Promise<void> {
    this.#events.catchUp();
    this.end('fin');
    await within(Promise.all(Object.values(this.#sockets).map(isGone)), patienceMs);
    await this.destroy();
  }

  #listen(side: Side): void {
    const socket = this.#sockets[side];
    if (socket === undefined) return;
    socket.on('data', (chunk: Buffer) => {
      // Where nothing can strike what a chunk holds it passes first, and is read when somebody wants to know of it.
      if (this.#mayGoAhead(side) && this.#conversation.passesAsIs(side, chunk, FRAMES_A_TURN)) {
        this.#write(otherSide(side), [chunk]);
        this.#events.later(() => this.#read(side, 'written', () => this.#conversation.push(side, chunk)));
        return;
      }
      this.#events.catchUp();
      if (this.#waiting[side] === undefined) {
        this.#turn(side, () => this.#conversation.push(side, chunk, FRAMES_A_TURN));
        this.#goAhead(side);
      } else this.#conversation.push(side, chunk, 0);
    });
    socket.on('end', () => this.#end(side, 'fin'));
    // An error is followed by `close`.
    socket.on('error', () => {});
    socket.on('close', (hadError) => {
      this.#resume(otherSide(side));
      this.#end(side, hadError ? 'rst' : 'fin');
    });
    socket.on('drain', () => this.#resume(otherSide(side)));
  }

  /** What there is of a frame that is not whole passes at once where nothing can strike it: whoever waits for it may wait for its first byte. */
  #goAhead(side: Side): void {
    if (this.#conversation.ahead === undefined || this.#waiting[side] !== undefined || !this.#mayGoAhead(side)) return;
    this.#write(otherSide(side), this.#conversation.ahead(side));
  }

  /** Reads frames as one turn of the event loop may; what is left then waits for the next. */
  #turn(side: Side, next: () => WireItem[]): void {
    this.#read(side, 'gathering', next);
    this.#flush();
    if (!this.#conversation.hasMore(side) || this.#state === 'over') return;
    this.#waiting[side] ??= { end: undefined };
    this.#sockets[side]?.pause();
    setImmediate(() => {
      if (this.#state === 'over') return;
      this.#events.catchUp();
      this.#turn(side, () => this.#conversation.more(side, FRAMES_A_TURN));
      if (this.#conversation.hasMore(side)) return;
      const end = this.#waiting[side]?.end;
      delete this.#waiting[side];
      if (end === undefined) this.#resume(side);
      else this.#end(side, end);
    });
  }

  /** Reads on from a side, unless frames of it wait, or the other side has still to take what it was given. */
  #resume(side: Side): void {
    const other = this.#sockets[otherSide(side)];
    const full = other !== undefined && !other.destroyed && other.writableNeedDrain;
    if (this.#waiting[side] === undefined && !full) this.#sockets[side]?.resume();
  }

  /** A side's bytes are over; so they are for the run once the frames that wait have had their turn. */
  #end(side: Side, how: 'fin' | 'rst'): void {
    const waiting = this.#waiting[side];
    if (waiting !== undefined) {
      waiting.end = how;
      return;
    }
    if (this.#ended[side] || (how === 'fin' && this.#finished[side])) return;
    this.#events.catchUp();
    if (how === 'fin' && this.#carrier.fin !== undefined && this.#state === 'open') {
      this.#finished[side] = true;
      this.#take(side, [...this.#conversation.end(side, how), { kind: 'frame', frame: { ...this.#carrier.fin }, raw: [] }]);
      return;
    }
    const wasOpen = this.#state === 'open' && !this.#ended[otherSide(side)];
    this.#take(
      side,
      this.#conversation.end(side, how).filter(({ kind }) => kind !== 'problem' || wasOpen),
    );
    if (this.#ended[side]) return;
    this.#events.catchUp();
    this.#ended[side] = true;
    if (this.#state === 'open' || this.#state === 'silent') this.#events.ended(side, how);
  }

  #read(side: Side, reading: 'gathering' | 'written', next: () => WireItem[]): void {
    this.#reading = reading;
    const before = this.#conversation.frames(side);
    this.#take(side, next());
    this.#reading = 'no';
    this.#events.traffic(side, this.#conversation.frames(side) - before);
  }

  #mayGoAhead(side: Side): boolean {
    return this.#state === 'open' && !this.#ended[otherSide(side)] && this.#events.idle();
  }

  #take(from: Side, items: readonly WireItem[]): void {
    for (const item of items) {
      switch (this.#state) {
        case 'open':
          this.#pass(from, item);
          break;
        case 'turning-away':
          // What is asked is read first: unread bytes would turn the end of the answer into a reset.
          if (item.kind !== 'bytes' && item.kind !== 'frame') break;
          this.#state = 'over';
          this.#sockets.dialler?.end(this.#carrier.refusal ?? new Uint8Array(0));
          break;
        default:
      }
    }
  }

  #pass(from: Side, item: WireItem): void {
    switch (item.kind) {
      case 'bytes':
        this.#write(otherSide(from), item.raw);
        break;
      case 'frame':
        this.#passFrame(from, item.frame, item.raw);
        break;
      case 'problem':
        this.#events.problem(item.from, item.problem);
        break;
      case 'unread':
        this.#events.unread(from, item.error);
        break;
    }
  }

  #passFrame(from: Side, frame: Frame, raw: Pieces): void {
    const passing = { frame, raw, delivered: false };
    this.#passing = passing;
    this.#events.frame(from, frame);
    this.#passing = undefined;
    if (!passing.delivered) this.#kept.set(frame, raw);
  }

  #rawOf(frame: Frame): Pieces | undefined {
    return this.#passing?.frame === frame ? this.#passing.raw : this.#kept.get(frame);
  }

  #encode(to: Side, frame: Frame, parts: number): Uint8Array {
    return this.#carrier.encode(frame, otherSide(to), parts, this.#random);
  }

  #writeSplit(to: Side, frame: Frame, split: Split): void {
    if (!this.#carrier.segments) {
      this.#write(to, [this.#encode(to, frame, 'into' in split ? split.into : 1)]);
      return;
    }
    const raw = this.#rawOf(frame) ?? [this.#encode(to, frame, 1)];
    this.#outlets[to].writeApart('into' in split ? segmentsOf(raw, split.into) : cutAt(raw, split.at));
  }

  #write(to: Side, pieces: Pieces): void {
    this.#outlets[to].write(pieces, this.#reading === 'gathering');
  }

  #flush(): void {
    for (const side of SIDES) this.#outlets[side].flush();
  }
}

async function letGo(socket: Socket): Promise<void> {
  if (socket.closed) return;
  const gone = isGone(socket);
  reset(socket);
  await gone;
}

async function isGone(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
}
