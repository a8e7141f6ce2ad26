import type { Carrier, CarrierProblem } from '../../../protocols/common/carrier.ts';
import type { Accept, Dial } from '../../../protocols/common/environment.ts';
import { endpointLinks } from './endpoint-link.ts';
import type { Listen } from './listening.ts';
import { streamLinks } from './stream-link.ts';
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
  /** Listens, by what it is given, on a free port of 127.0.0.1 where that is nothing. Rejects when it cannot. */
  listen(accept: Accept, listen?: Listen): Promise<Listener>;
}

/** Of those whose connections end at once in both directions, each has its own. */
const LINKS: Readonly<Record<string, Links>> = { websocket: { dialer: webSocketDialer, listen: listenForWebSockets } };

/** A carrier's links. Throws an Error where it has none. */
export function linksOf(carrier: Carrier): Links {
  const { endpoint } = carrier;
  if (endpoint !== undefined) return endpointLinks(carrier, endpoint);
  const links = carrier.fin === undefined ? LINKS[carrier.name] : streamLinks(carrier);
  if (links === undefined) throw new Error(`reference peers cannot dial by ${carrier.name}`);
  return links;
}
