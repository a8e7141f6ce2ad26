import type { Calling } from '../../protocols/common/control.ts';
import type { Scriptable } from '../../protocols/common/protocol.ts';
import type { ServerEnd } from './world.ts';

type Able = Partial<Calling> & Partial<Scriptable>;

const ABILITIES: readonly (keyof Able)[] = [
  ...(['invoke', 'send', 'finish', 'cancel', 'credit'] as const),
  ...(['script', 'streamId', 'hasSeen', 'received'] as const),
];

/** What a peer can do with calls and for scripts, bound to it; what it lacks is lacking. */
export function abilitiesOf(peer: Able): Able {
  return Object.fromEntries(ABILITIES.flatMap((name) => (peer[name] === undefined ? [] : [[name, peer[name].bind(peer)]])));
}

/** A server that the world has started, as steps drive it. */
export function serverEnd(peer: Able, stop: () => Promise<void>): ServerEnd {
  return { ...abilitiesOf(peer), stop };
}
