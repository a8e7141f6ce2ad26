import type { MatchContext } from '../../common/protocol.ts';
import { reference, streamIdIn } from '../reference.ts';
import type { ScriptDefaults } from '../scripted-frame.ts';
import type { RSocketTimers } from '../timers.ts';
import type { Session } from './session.ts';

/** Names that scripts gave to streams: name → stream, and its connection. */
export class ScriptNames {
  readonly #own = new Map<string, { readonly connection: number; readonly streamId: number }>();

  /** The stream that a name of a script's own stands for, as the core hands it about. */
  reference(name: string): string | undefined {
    const found = this.#own.get(name);
    return found === undefined ? undefined : reference(found.connection, found.streamId);
  }

  /** What a conforming peer would write, where a script leaves it open. */
  defaults(
    on: Session | undefined,
    connection: number,
    context: MatchContext,
    timers: RSocketTimers,
    token: Uint8Array | undefined,
  ): ScriptDefaults {
    return {
      keepaliveMs: timers.keepaliveMs,
      lifetimeMs: timers.lifetimeMs,
      token,
      received: on?.received ?? 0,
      sent: on?.store.sent ?? 0,
      first: on?.store.first ?? 0,
      idOf: (name, opens) => {
        const known = name === undefined ? undefined : (this.#own.get(name)?.streamId ?? streamIdIn(context.streamOf(name)));
        // A request under a known name is one on an id in use.
        if (known !== undefined) return known;
        if (name === undefined && !opens) return 0;
        const streamId = on?.takeId() ?? 1;
        if (name !== undefined) this.#own.set(name, { connection, streamId });
        return streamId;
      },
    };
  }
}

/** Bytes of a text in hex, with any white space. */
export function hexBytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(/\s+/g, ''), 'hex'));
}
