import { concatenate } from '../../common/byte-queue.ts';
import type { CarrierProblem, Conversation, Surroundings, WireItem } from '../../common/carrier.ts';
import type { Side } from '../../common/frame.ts';
import { type DeframedItem, WebSocketDeframer } from './deframer.ts';
import { forbiddenIn } from './forbidden.ts';
import { HandshakeWatch } from './handshake-watch.ts';
import { addressedTo, withoutExtensions } from './upgrade.ts';

/**
 * One WebSocket connection: its upgrade, then two directions of frames. Two things pass otherwise than they came: the request loses
 * its `Sec-WebSocket-Extensions` and is addressed to the acceptor, and a keep-alive between the fragments of a message goes ahead of them.
 */
export class WebSocketConversation implements Conversation {
  readonly #deframers: Record<Side, WebSocketDeframer> = {
    dialler: new WebSocketDeframer('dialler'),
    acceptor: new WebSocketDeframer('acceptor'),
  };
  /** Fragments that came before a keep-alive and wait for the rest of their message. */
  readonly #fragments: Record<Side, Uint8Array[]> = { dialler: [], acceptor: [] };
  readonly #handshake: HandshakeWatch | undefined;
  readonly #headRead: Record<Side, boolean> = { dialler: false, acceptor: false };
  readonly #surroundings: Surroundings;

  /** `judged`: what is wrong with the upgrade is a problem of the carrier; else that is for others to judge. */
  constructor(surroundings: Surroundings, judged = true) {
    this.#surroundings = surroundings;
    this.#handshake = judged ? new HandshakeWatch() : undefined;
  }

  push(from: Side, chunk: Uint8Array, most?: number): WireItem[] {
    const early = this.#headRead[from] ? [] : told(from, this.#handshake?.bytes(from, chunk));
    const items = this.#seen(from, this.#deframers[from].push(chunk, most));
    return early.length === 0 ? items : [...early, ...items];
  }

  more(from: Side, most: number): WireItem[] {
    return this.#seen(from, this.#deframers[from].more(most));
  }

  hasMore(from: Side): boolean {
    return this.#deframers[from].hasMore;
  }

  frames(from: Side): number {
    return this.#deframers[from].frames;
  }

  passesAsIs(from: Side, chunk: Uint8Array, most: number): boolean {
    return this.#deframers[from].areWholeMessages(chunk, most);
  }

  end(from: Side, how: 'fin' | 'rst'): WireItem[] {
    const rest = how === 'fin' ? this.#seen(from, this.#deframers[from].end()) : [];
    // What an end leaves open is told of who should have answered.
    return [...rest, ...told('acceptor', this.#handshake?.ended(from))];
  }

  #seen(from: Side, items: readonly DeframedItem[]): WireItem[] {
    const seen: WireItem[] = [];
    for (const item of items) this.#see(from, item, seen);
    return seen;
  }

  #see(from: Side, item: DeframedItem, into: WireItem[]): void {
    switch (item.kind) {
      case 'preamble': {
        this.#headRead[from] = true;
        const head = concatenate(item.raw);
        into.push(...told(from, this.#handshake?.head(from, head)));
        const raw = from === 'dialler' ? [this.#addressed(withoutExtensions(head))] : item.raw;
        if (this.#surroundings.seesOpenings === true)
          into.push({ kind: 'frame', frame: { kind: 'head', class: 'opening', data: head }, raw });
        else into.push({ kind: 'bytes', raw });
        break;
      }
      case 'fragments':
        for (const piece of item.raw) this.#fragments[from].push(piece);
        break;
      case 'frame': {
        const { frame, raw } = item;
        const whole = frame.class === 'data' && this.#fragments[from].length > 0 ? [...this.#takeFragments(from), ...raw] : raw;
        into.push(...told(from, forbiddenIn(frame)), { kind: 'frame', frame, raw: whole });
        break;
      }
      case 'opaque': {
        const { error, beyond, raw } = item;
        if (error !== undefined && beyond === true) into.push({ kind: 'unread', error });
        else if (error !== undefined) into.push(...told(from, brokenFrame(error)));
        else if (this.#headRead[from]) for (const piece of raw) into.push(...told(from, this.#handshake?.bytes(from, piece)));
        into.push({ kind: 'bytes', raw: [...this.#takeFragments(from), ...raw] });
        break;
      }
    }
  }

  #addressed(head: Uint8Array): Uint8Array {
    return addressedTo(head, this.#surroundings.authority, this.#surroundings.seen);
  }

  #takeFragments(from: Side): Uint8Array[] {
    return this.#fragments[from].splice(0);
  }
}

function told(from: Side, problem: CarrierProblem | undefined): WireItem[] {
  return problem === undefined ? [] : [{ kind: 'problem', from, problem }];
}

function brokenFrame(error: string): CarrierProblem {
  return { kind: 'broken-frame', detail: error, text: `sent what is no WebSocket frame: ${error}`, own: true };
}
