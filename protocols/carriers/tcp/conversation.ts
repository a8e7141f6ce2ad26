import type { Conversation, WireItem } from '../../common/carrier.ts';
import type { Side } from '../../common/frame.ts';
import { type Deframed, LengthDeframer } from './deframer.ts';

/** One connection of length-prefixed frames: two directions that have nothing to do with each other. */
export class TcpConversation implements Conversation {
  readonly #deframers: Record<Side, LengthDeframer> = { dialler: new LengthDeframer(), acceptor: new LengthDeframer() };

  push(from: Side, chunk: Uint8Array, most?: number): WireItem[] {
    return this.#deframers[from].push(chunk, most).map(itemOf);
  }

  more(from: Side, most: number): WireItem[] {
    return this.#deframers[from].more(most).map(itemOf);
  }

  hasMore(from: Side): boolean {
    return this.#deframers[from].hasMore;
  }

  frames(from: Side): number {
    return this.#deframers[from].frames;
  }

  passesAsIs(from: Side, chunk: Uint8Array, most: number): boolean {
    return this.#deframers[from].areWholeFrames(chunk, most);
  }

  end(from: Side, how: 'fin' | 'rst'): WireItem[] {
    const raw = how === 'fin' ? this.#deframers[from].end() : [];
    return raw.length === 0 ? [] : [{ kind: 'bytes', raw }];
  }
}

function itemOf({ frame, raw }: Deframed): WireItem {
  return { kind: 'frame', frame, raw };
}
