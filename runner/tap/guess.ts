import { bindingNames } from '../../protocols/common/binding.ts';
import type { Carrier } from '../../protocols/common/carrier.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';

/** Which binding strangers speak: told, or guessed from what they say. */
export interface Guess {
  /** In place of the protocol's own: reads under the binding once it is known. */
  readonly decode: Protocol['decode'];
  /** The binding, as soon as it is known. */
  known(): string | undefined;
  /** The binding, or the one that is taken for it while none of what came can be read. */
  taken(): string;
  /** Whether it was known before anything came. */
  readonly told: boolean;
}

/**
 * Guesses from the first message that tells its binding, or where none does by itself from the first that some binding of that carrier reads; of
 * several that do, the protocol's first. `told` needs no guess, nor does a carrier with one.
 */
export function guessBinding(
  protocol: Pick<Protocol, 'decode' | 'bindings' | 'bindingTold'>,
  carrier: Carrier,
  told: string | undefined,
): Guess {
  const names = bindingNames({ bindings: protocol.bindings.filter((binding) => binding.carrier === carrier) });
  const [first = ''] = names;
  let known = told ?? (names.length === 1 ? first : undefined);

  function guessed(...[frame, at]: Parameters<Protocol['decode']>): string | undefined {
    for (const binding of names) {
      const read = protocol.decode(frame, { ...at, binding });
      if (read.ok) return protocol.bindingTold === undefined ? binding : protocol.bindingTold(read.message);
    }
    return undefined;
  }

  return {
    told: known !== undefined,
    known: () => known,
    taken: () => known ?? first,
    decode(frame, at, meter) {
      known ??= guessed(frame, at);
      return protocol.decode(frame, { ...at, binding: known ?? first }, meter);
    },
  };
}
