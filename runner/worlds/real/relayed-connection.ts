import { connect, type Socket } from 'node:net';
import { type DeframedItem, WebSocketDeframer } from '../../../protocols/carriers/websocket/deframer.ts';
import { encodeFrame } from '../../../protocols/carriers/websocket/framer.ts';
import { HandshakeWatch } from '../../../protocols/carriers/websocket/handshake-watch.ts';
import { addressedTo, withoutExtensions } from '../../../protocols/carriers/websocket/upgrade.ts';
import { concatenate, firstBytes, lengthOf, type Pieces } from '../../../protocols/common/byte-queue.ts';
import type { CarrierProblem } from '../../../protocols/common/carrier.ts';
import { type Frame, peerOf, type Role } from '../../../protocols/common/frame.ts';
import { GatheredWrites } from './gathered-writes.ts';

/** What a relayed connection tells the relay. Nothing more once the connection was ended from this side. */
export interface ConnectionEvents {
  /** Whether frames pass as they come, whatever they are: no fault is armed that could strike one. */
  idle(): boolean;
  /** Tells frames that have passed already, when somebody wants to know of them. */
  later(tell: () => void): void;
  /** Lets everything be told that was put off. */
  catchUp(): void;
  frame(from: Role, frame: Frame): void;
  /** An end's byte stream is over. Once for each end. */
  ended(by: Role, how: 'fin' | 'rst'): void;
  /** The server was reached, or why it was not. At most once. */
  reached(failure: NodeJS.ErrnoException | undefined): void;
  /** An end does what its carrier does not allow, or refuses to carry; its bytes pass as they are. */
  problem(from: Role, problem: CarrierProblem): void;
  /** Bytes begin that are longer than what this relay reads; they pass as they are. */
  unread(from: Role, error: string): void;
  /** An end sent so many more frames, fragments among them. It may end the connection. */
  traffic(from: Role, frames: number): void;
}

/** Where connections go on to. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
  /** Host and port by which the server knows itself, where it is not reached directly (default: `host:port`). */
  readonly authority?: string | undefined;
}

const refusal = Buffer.from('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n', 'latin1');

/** Frames of one direction that are read in one turn of the event loop. Others wait for theirs: runs share the loop, and its timers. */
const FRAMES_A_TURN = 128;

type State = 'new' | 'open' | 'silent' | 'turning-away' | 'over';

/** One client connection at the relay and the connection that it is passed on to. */
export class RelayedConnection {
  readonly #events: ConnectionEvents;
  readonly #makeMask: () => Uint8Array;
  readonly #sockets: Partial<Record<Role, Socket>>;
  readonly #deframers: Record<Role, WebSocketDeframer> = {
    client: new WebSocketDeframer('client'),
    server: new WebSocketDeframer('server'),
  };
  /** Fragments that came before a keep-alive and wait for the rest of their message. */
  readonly #fragments: Record<Role, Uint8Array[]> = { client: [], server: [] };
  readonly #handshake = new HandshakeWatch();
  readonly #headRead: Record<Role, boolean> = { client: false, server: false };
  #authority = '';
  readonly #ended: Record<Role, boolean> = { client: false, server: false };
  /** The frame on its way, and the bytes in which it came. */
  #passing: { readonly frame: Frame; readonly raw: Pieces; delivered: boolean } | undefined;
  /** The bytes of frames that a fault keeps back. Weak, since most of those are never seen again. */
  readonly #kept = new WeakMap<Frame, Pieces>();
  readonly #outbox: Record<Role, GatheredWrites> = { client: new GatheredWrites(), server: new GatheredWrites() };
  /** A chunk is being read: what it brings is written when all of it is known, or is written already. */
  #reading: 'no' | 'gathering' | 'written' = 'no';
  #state: State = 'new';
  /** Directions in which frames wait for their turn, and how the end of their bytes came meanwhile. */
  readonly #waiting: Partial<Record<Role, { end: 'fin' | 'rst' | undefined }>> = {};

  /** `makeMask` gives the mask keys (four bytes) of frames that the relay writes itself. */
  constructor(client: Socket, events: ConnectionEvents, makeMask: () => Uint8Array) {
    this.#events = events;
    this.#makeMask = makeMask;
    this.#sockets = { client };
  }

  /** Lets the connection through. A server that cannot be reached has ended it with `rst`. */
  accept({ host, port, authority = `${host}:${port}` }: Upstream): void {
    this.#state = 'open';
    this.#authority = authority;
    this.#sockets.server = connect({ host, port, noDelay: true, allowHalfOpen: true });
    const server = this.#sockets.server;
    server.once('connect', () => this.#events.reached(undefined));
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.syscall !== 'read' && error.syscall !== 'write') this.#events.reached(error);
    });
    this.#listen('client');
    this.#listen('server');
  }

  /** Does not let it through: reset at once, never answered, or answered with 503. */
  refuse(how: 'reset' | 'silent' | 'http'): void {
    this.#state = how === 'silent' ? 'silent' : how === 'http' ? 'turning-away' : 'over';
    this.#listen('client');
    if (how === 'reset') this.#sockets.client?.resetAndDestroy();
  }

  /** Writes a frame toward an end: the bytes in which it came, or new ones where it was made up or is to be split. */
  deliver(to: Role, frame: Frame, fragments: number): void {
    const written = this.#reading === 'written' && this.#passing?.frame === frame && !this.#passing.delivered;
    if (!written) this.#write(to, (fragments === 1 ? this.#rawOf(frame) : undefined) ?? [this.#encode(to, frame, fragments)]);
    if (this.#passing?.frame === frame) this.#passing.delivered = true;
  }

  /** Writes the first half of a frame's bytes, at least one and never all. */
  deliverPart(to: Role, frame: Frame): void {
    const raw = this.#rawOf(frame) ?? [this.#encode(to, frame, 1)];
    this.#write(to, firstBytes(raw, Math.max(1, Math.floor(lengthOf(raw) / 2))));
  }

  /** Ends both sides once what was written before has gone out. What they still send is not read as anything. */
  end(how: 'fin' | 'rst'): void {
    this.#state = 'over';
    this.#flush();
    for (const socket of Object.values(this.#sockets)) {
      socket.resume();
      if (how === 'fin') socket.end();
      else if (socket.writableLength === 0) reset(socket);
      else socket.write('', () => reset(socket));
    }
  }

  /** Lets go of both sockets at once. Resolves when they are gone. */
  async destroy(): Promise<void> {
    this.#events.catchUp();
    this.#state = 'over';
    await Promise.all(Object.values(this.#sockets).map(letGo));
  }

  #listen(role: Role): void {
    const socket = this.#sockets[role];
    if (socket === undefined) return;
    socket.on('data', (chunk: Buffer) => {
      // Where nothing can strike what a chunk holds it passes first, and is read when somebody wants to know of it.
      if (this.#mayGoAhead(role) && this.#deframers[role].areWholeMessages(chunk, FRAMES_A_TURN)) {
        this.#write(peerOf(role), [chunk]);
        this.#events.later(() => this.#read(role, 'written', (deframer) => deframer.push(chunk)));
        return;
      }
      this.#events.catchUp();
      if (!this.#headRead[role]) this.#tell(role, this.#handshake.bytes(role, chunk));
      if (this.#waiting[role] === undefined) this.#turn(role, (deframer) => deframer.push(chunk, FRAMES_A_TURN));
      else this.#deframers[role].push(chunk, 0);
    });
    socket.on('end', () => this.#end(role, 'fin'));
    // An error is followed by `close`.
    socket.on('error', () => {});
    socket.on('close', (hadError) => {
      this.#resume(peerOf(role));
      this.#end(role, hadError ? 'rst' : 'fin');
    });
    socket.on('drain', () => this.#resume(peerOf(role)));
  }

  /** Reads frames as one turn of the event loop may; what is left then waits for the next. */
  #turn(role: Role, next: (deframer: WebSocketDeframer) => DeframedItem[]): void {
    this.#read(role, 'gathering', next);
    this.#flush();
    if (!this.#deframers[role].hasMore || this.#state === 'over') return;
    this.#waiting[role] ??= { end: undefined };
    this.#sockets[role]?.pause();
    setImmediate(() => {
      if (this.#state === 'over') return;
      this.#events.catchUp();
      this.#turn(role, (deframer) => deframer.more(FRAMES_A_TURN));
      if (this.#deframers[role].hasMore) return;
      const end = this.#waiting[role]?.end;
      delete this.#waiting[role];
      if (end === undefined) this.#resume(role);
      else this.#end(role, end);
    });
  }

  /** Reads on from an end, unless frames of it wait, or the other end has still to take what it was given. */
  #resume(role: Role): void {
    const other = this.#sockets[peerOf(role)];
    const full = other !== undefined && !other.destroyed && other.writableNeedDrain;
    if (this.#waiting[role] === undefined && !full) this.#sockets[role]?.resume();
  }

  /** An end's bytes are over; so they are for the run once the frames that wait have had their turn. */
  #end(role: Role, how: 'fin' | 'rst'): void {
    const waiting = this.#waiting[role];
    if (waiting !== undefined) {
      waiting.end = how;
      return;
    }
    this.#events.catchUp();
    if (how === 'fin') this.#take(role, this.#deframers[role].end());
    this.#finish(role, how);
  }

  #read(role: Role, reading: 'gathering' | 'written', next: (deframer: WebSocketDeframer) => DeframedItem[]): void {
    this.#reading = reading;
    const deframer = this.#deframers[role];
    const before = deframer.frames;
    this.#take(role, next(deframer));
    this.#reading = 'no';
    this.#events.traffic(role, deframer.frames - before);
  }

  #mayGoAhead(role: Role): boolean {
    return this.#state === 'open' && !this.#ended[peerOf(role)] && this.#events.idle();
  }

  #finish(by: Role, how: 'fin' | 'rst'): void {
    if (this.#ended[by]) return;
    this.#events.catchUp();
    if (this.#state === 'open' && !this.#ended[peerOf(by)]) this.#tell(by === 'client' ? 'server' : by, this.#handshake.ended(by));
    this.#ended[by] = true;
    if (this.#state === 'open' || this.#state === 'silent') this.#events.ended(by, how);
  }

  #take(from: Role, items: readonly DeframedItem[]): void {
    for (const item of items) {
      switch (this.#state) {
        case 'open':
          this.#pass(from, item);
          break;
        case 'turning-away':
          // The request is read first: unread bytes would turn the end of the answer into a reset.
          this.#state = 'over';
          this.#sockets.client?.end(refusal);
          break;
        default:
      }
    }
  }

  #pass(from: Role, item: DeframedItem): void {
    const to = peerOf(from);
    switch (item.kind) {
      case 'preamble':
        this.#headRead[from] = true;
        this.#tell(from, this.#handshake.head(from, concatenate(item.raw)));
        this.#write(to, from === 'client' ? [this.#addressed(withoutExtensions(concatenate(item.raw)))] : item.raw);
        break;
      case 'fragments':
        this.#fragments[from].push(...item.raw);
        break;
      case 'frame':
        this.#passFrame(from, item);
        break;
      case 'opaque':
        if (item.error !== undefined) this.#complain(from, item.error, item.beyond === true);
        else if (this.#headRead[from]) for (const piece of item.raw) this.#tell(from, this.#handshake.bytes(from, piece));
        this.#write(to, [...this.#takeFragments(from), ...item.raw]);
        break;
    }
  }

  #addressed(head: Uint8Array): Uint8Array {
    return addressedTo(head, this.#authority, `127.0.0.1:${this.#sockets.client?.localPort}`);
  }

  #tell(from: Role, problem: CarrierProblem | undefined): void {
    if (problem !== undefined && this.#state === 'open') this.#events.problem(from, problem);
  }

  #complain(from: Role, error: string, beyond: boolean): void {
    if (beyond) this.#events.unread(from, error);
    else this.#tell(from, { kind: 'broken-frame', detail: error, text: `sent what is no WebSocket frame: ${error}` });
  }

  #passFrame(from: Role, { frame, raw }: Extract<DeframedItem, { kind: 'frame' }>): void {
    const whole = frame.class === 'data' && this.#fragments[from].length > 0 ? [...this.#takeFragments(from), ...raw] : raw;
    const passing = { frame, raw: whole, delivered: false };
    this.#passing = passing;
    this.#events.frame(from, frame);
    this.#passing = undefined;
    if (!passing.delivered) this.#kept.set(frame, whole);
  }

  #rawOf(frame: Frame): Pieces | undefined {
    return this.#passing?.frame === frame ? this.#passing.raw : this.#kept.get(frame);
  }

  #takeFragments(from: Role): Uint8Array[] {
    return this.#fragments[from].splice(0);
  }

  #encode(to: Role, frame: Frame, fragments: number): Uint8Array {
    return encodeFrame(frame, { mask: to === 'server' ? this.#makeMask() : undefined, fragments });
  }

  #write(to: Role, pieces: Pieces): void {
    if (this.#reading === 'gathering') this.#outbox[to].add(pieces);
    else this.#send(to, pieces);
  }

  #flush(): void {
    for (const to of ['client', 'server'] as const) this.#send(to, this.#outbox[to].take());
  }

  #send(to: Role, pieces: Pieces): void {
    const socket = this.#sockets[to];
    if (socket === undefined || pieces.length === 0 || !socket.writable) return;
    if (pieces.length > 1) socket.cork();
    for (const piece of pieces) socket.write(piece);
    if (pieces.length > 1) socket.uncork();
    // The other side is read again when this one has taken what it was given.
    if (socket.writableNeedDrain) this.#sockets[peerOf(to)]?.pause();
  }
}

async function letGo(socket: Socket): Promise<void> {
  if (socket.closed) return;
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  reset(socket);
  await gone;
}

function reset(socket: Socket): void {
  // A reset waits for a connection that is not there yet, and never ends one that is shutting down.
  if (socket.connecting || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
