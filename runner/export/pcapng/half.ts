import { type Address, flags, LONGEST_SEGMENT, packetOf } from './segment.ts';

/** An end of one half of a connection: who dialled it, or who was dialled. */
export type Party = 'dialling' | 'dialled';

/** Takes a packet. */
export type Put = (bytes: Uint8Array, comments: readonly string[]) => void;

interface Side {
  readonly address: Address;
  seq: number;
  packets: number;
  ended: boolean;
}

/**
 * One half of a proxied connection (client to proxy, or proxy to server) as a TCP connection of its own. Every segment is
 * acknowledged at once, so that nothing looks lost. `put` gets the packets in order.
 */
export class Half {
  readonly #sides: Readonly<Record<Party, Side>>;
  #reset = false;

  constructor(dialling: Address, dialled: Address) {
    this.#sides = { dialling: sideOf(dialling, 1000), dialled: sideOf(dialled, 500_000) };
  }

  /** Whether nothing more can pass. */
  get isOver(): boolean {
    return this.#reset || (this.#sides.dialling.ended && this.#sides.dialled.ended);
  }

  /** The three segments that begin a connection. */
  open(put: Put, comments: readonly string[]): void {
    this.#segment('dialling', flags.syn, NOTHING, put, comments);
    this.#segment('dialled', flags.syn | flags.ack, NOTHING, put);
    this.#segment('dialling', flags.ack, NOTHING, put);
  }

  /** Bytes in one direction; the comments go with the first segment. */
  send(from: Party, data: Uint8Array, put: Put, comments: readonly string[] = []): void {
    for (let at = 0; at < data.length || at === 0; at += LONGEST_SEGMENT) {
      const part = data.subarray(at, at + LONGEST_SEGMENT);
      this.#segment(from, flags.psh | flags.ack, part, put, at === 0 ? comments : []);
      if (!this.#sides[other(from)].ended) this.#segment(other(from), flags.ack, NOTHING, put);
    }
  }

  /** An end says that it sends no more. */
  finish(from: Party, put: Put, comments: readonly string[] = []): void {
    if (this.#reset || this.#sides[from].ended) return;
    this.#segment(from, flags.fin | flags.ack, NOTHING, put, comments);
    this.#sides[from].ended = true;
    this.#segment(other(from), flags.ack, NOTHING, put);
  }

  /** An end aborts. */
  abort(from: Party, put: Put, comments: readonly string[] = []): void {
    if (this.isOver) return;
    this.#segment(from, flags.rst | flags.ack, NOTHING, put, comments);
    this.#reset = true;
  }

  #segment(from: Party, set: number, payload: Uint8Array, put: Put, comments: readonly string[] = []): void {
    const [mine, theirs] = [this.#sides[from], this.#sides[other(from)]];
    const acknowledges = (set & flags.ack) !== 0;
    const segment = { from: mine.address, to: theirs.address, seq: mine.seq, ack: acknowledges ? theirs.seq : 0, flags: set, payload };
    put(packetOf(segment, mine.packets), comments);
    mine.packets += 1;
    // SYN and FIN take a number of their own.
    mine.seq = (mine.seq + payload.length + ((set & (flags.syn | flags.fin)) === 0 ? 0 : 1)) % 2 ** 32;
  }
}

const NOTHING = new Uint8Array(0);

function sideOf(address: Address, seq: number): Side {
  return { address, seq, packets: 0, ended: false };
}

function other(party: Party): Party {
  return party === 'dialling' ? 'dialled' : 'dialling';
}
