import { Conduit, type ConduitEvents } from './conduit.ts';
import type { LinkSurroundings } from './link.ts';
import type { NamedToxic } from './toxic.ts';

/** All toxics between a proxy and its server, and the connections that pass them. What a Toxiproxy keeps of one proxy. */
export class Toxics {
  readonly #surroundings: LinkSurroundings;
  readonly #toxics: NamedToxic[] = [];
  readonly #conduits = new Set<Conduit>();
  #up = true;

  constructor(surroundings: LinkSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Lets a connection in; undefined where the network is down. */
  connect(events: ConduitEvents): Conduit | undefined {
    if (!this.#up) return undefined;
    const conduit = new Conduit([...this.#toxics], this.#surroundings, {
      bytes: events.bytes,
      closed: (end, how) => {
        events.closed(end, how);
        if (conduit.over) this.#conduits.delete(conduit);
      },
    });
    this.#conduits.add(conduit);
    return conduit;
  }

  /** Adds a toxic whose times are the world's, to living connections too. Throws where its name is taken. */
  add(toxic: NamedToxic): void {
    if (this.#toxics.some(({ name }) => name === toxic.name)) {
      throw new Error(`there is a toxic ${toxic.name} already; remove it first, or give this one another name`);
    }
    this.#toxics.push(toxic);
    for (const conduit of [...this.#conduits]) conduit.add(toxic);
  }

  /** Removes a toxic. Throws where there is none of that name. */
  remove(name: string): void {
    const index = this.#toxics.findIndex((toxic) => toxic.name === name);
    if (index < 0) {
      const names = this.#toxics.map((toxic) => toxic.name).join(', ');
      throw new Error(`there is no toxic ${name} to remove; there is ${names === '' ? 'none at all' : names}`);
    }
    this.#toxics.splice(index, 1);
    for (const conduit of [...this.#conduits]) conduit.remove(name);
  }

  /** Ends all connections and lets no new ones in. */
  down(): void {
    this.#up = false;
    for (const conduit of [...this.#conduits]) conduit.drop();
  }

  /** Lets connections in again; toxics are as they were. */
  up(): void {
    this.#up = true;
  }

  /** Stops all connections without a word. */
  stop(): void {
    for (const conduit of this.#conduits) conduit.stop();
    this.#conduits.clear();
  }
}
