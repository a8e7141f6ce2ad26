import type { TakenCall } from './waiting-calls.ts';

/** Whose connections are, as far as calls on them have told. */
export class Owners {
  readonly #known: Map<number, string>;
  readonly #met = new Map<number, string>();
  readonly #doubted = new Set<number>();
  #isLate = false;

  /** Begins with what is known beforehand: instances by connection. */
  constructor(known: ReadonlyMap<number, string> = new Map()) {
    this.#known = new Map(known);
  }

  /** The instance that a connection belongs to; undefined while nothing tells. */
  of(connection: number): string | undefined {
    const owner = this.#known.get(connection);
    if (owner !== undefined) this.#met.set(connection, owner);
    return owner;
  }

  /** Learns from a call that a request of the connection was given to. */
  learn(connection: number, taken: TakenCall): void {
    if (this.of(connection) !== undefined) return;
    if (taken.isSure()) {
      this.#isLate ||= this.#doubted.has(connection);
      this.#known.set(connection, taken.call.instance);
      this.#met.set(connection, taken.call.instance);
    } else this.#doubted.add(connection);
  }

  /** The connections that were asked about so far whose owner is known, in order. */
  get met(): ReadonlyMap<number, string> {
    return this.#met;
  }

  /** What a second reading begins with; undefined where it would find nothing else, since no doubt was cleared up later. */
  get again(): ReadonlyMap<number, string> | undefined {
    return this.#isLate ? this.#known : undefined;
  }
}

/**
 * What `bind` makes of a trace. Where two clients ask for the same at once, what follows on their connections tells whose they are: it is
 * then read once more with that known from the beginning.
 */
export function withOwners<T>(bind: (owners: Owners) => T): T {
  const owners = new Owners();
  const bound = bind(owners);
  return owners.again === undefined ? bound : bind(new Owners(owners.again));
}
