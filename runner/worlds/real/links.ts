import type { Carrier, CarrierProblem } from '../../../protocols/common/carrier.ts';
import type { Accept, Dial } from '../../../protocols/common/environment.ts';
import { dialTcp, listenForTcp } from './tcp-link.ts';
import { listenForWebSockets, webSocketDialer } from './websocket-link.ts';

/** Connections from this process to one address. */
export interface Dialer {
  readonly dial: Dial;
  /** Ends all that were dialled, without telling their owners; from now on dialling opens nothing. Resolves when they are gone. */
  close(): Promise<void>;
}

/** A listener that hands its connections to a peer. */
export interface Listener {
  /** Where it listens, in the carrier's scheme. */
  readonly url: string;
  /** Ends the listener and its connections, without telling the peer. Resolves when they are gone. */
  close(): Promise<void>;
}

/** What a reference peer dials and accepts with, on sockets. */
export interface Links {
  /** Makes links to `url`. One that cannot be opened is `closed` with `LOST`; `onProblem` hears why, `onError` of each error. */
  dialer(url: string, onProblem?: (problem: CarrierProblem) => void, onError?: (error: Error) => void): Dialer;
  /** Listens on the loopback, on a free port where none is given. Rejects when it cannot. */
  listen(accept: Accept, port?: number): Promise<Listener>;
}

/** Each carrier's, by its name. */
const LINKS: Readonly<Record<string, Links>> = {
  websocket: { dialer: webSocketDialer, listen: listenForWebSockets },
  tcp: { dialer: dialTcp, listen: listenForTcp },
};

/** A carrier's links. Throws an Error that names the carriers that have some. */
export function linksOf({ name }: Pick<Carrier, 'name'>): Links {
  const links = Object.hasOwn(LINKS, name) ? LINKS[name] : undefined;
  if (links === undefined) throw new Error(`reference peers cannot dial by ${name}; there is ${Object.keys(LINKS).join(', ')}`);
  return links;
}
