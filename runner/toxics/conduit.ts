import { peerOf, type Role } from '../../protocols/common/frame.ts';
import { type LinkSurroundings, ToxicLink } from './link.ts';
import type { NamedToxic } from './toxic.ts';

/** What a conduit does at its two ends. */
export interface ConduitEvents {
  bytes(to: Role, data: Uint8Array): void;
  /** The connection with that end is to be closed altogether. Once for each end. */
  closed(end: Role, how: 'fin' | 'rst'): void;
}

/**
 * One connection through the toxics, both directions of it. As in Toxiproxy there is no half-open connection: where one
 * direction is over, the end it leads to is closed, and with that end the other direction's source.
 */
export class Conduit {
  readonly #links: Readonly<Record<Role, ToxicLink>>;
  readonly #events: ConduitEvents;
  /** Sockets linger for no time, and so reset, where a reset_peer was in place when they were connected. */
  readonly #how: 'fin' | 'rst';
  readonly #open: Record<Role, boolean> = { client: true, server: true };

  /** `toxics` are all of both directions, in the order in which they were added. */
  constructor(toxics: readonly NamedToxic[], surroundings: LinkSurroundings, events: ConduitEvents) {
    this.#events = events;
    this.#how = toxics.some(({ type }) => type === 'reset_peer') ? 'rst' : 'fin';
    const link = (from: Role) =>
      new ToxicLink(
        toxics.filter((toxic) => sourceOf(toxic) === from),
        surroundings,
        { bytes: (data) => this.#out(peerOf(from), data), closed: () => this.#close(peerOf(from)) },
      );
    this.#links = { client: link('client'), server: link('server') };
  }

  /** True once both ends are closed. */
  get over(): boolean {
    return !this.#open.client && !this.#open.server;
  }

  /** Takes bytes that an end wrote; they must not be written to afterwards. */
  push(from: Role, data: Uint8Array): void {
    if (this.#open[from]) this.#links[from].push(data);
  }

  /** An end has ended its stream, in whatever way. */
  end(from: Role): void {
    this.#links[from].end();
  }

  add(toxic: NamedToxic): void {
    this.#links[sourceOf(toxic)].add(toxic);
  }

  /** Does nothing where there is no such toxic. */
  remove(name: string): void {
    this.#links.client.remove(name);
    this.#links.server.remove(name);
  }

  /** Closes both ends at once; what was on its way is lost. */
  drop(): void {
    this.stop();
    this.#close('client');
    this.#close('server');
  }

  /** Stops without a word. */
  stop(): void {
    this.#links.client.stop();
    this.#links.server.stop();
  }

  #out(to: Role, data: Uint8Array): void {
    if (this.#open[to]) this.#events.bytes(to, data);
  }

  #close(end: Role): void {
    if (!this.#open[end]) return;
    this.#open[end] = false;
    this.#events.closed(end, this.#how);
    this.#links[end].end();
  }
}

function sourceOf({ stream }: NamedToxic): Role {
  return stream === 'upstream' ? 'client' : 'server';
}
