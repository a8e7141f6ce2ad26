import type { NamedToxic, ToxicCommand } from './toxic.ts';

/** A TCP address. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What can be done to a stretch of network. Throws or rejects with an Error saying why where it cannot. */
export interface ToxicControls {
  /** Adds a toxic whose times are the world's, to living connections too. Its name must be free. */
  add(toxic: NamedToxic): void | Promise<void>;
  /** Removes the toxic of that name. */
  remove(name: string): void | Promise<void>;
  /** Ends all connections, and lets no new ones in until `up`. */
  down(): void | Promise<void>;
  up(): void | Promise<void>;
}

/** A stretch of network with toxics in it, in front of one server. Whoever implements it, the ends see the same. */
export interface ToxicNetwork extends ToxicControls {
  /** Where to dial instead of the server. */
  readonly address: Address;
  /** Why the network is gone although nobody closed it; undefined where it is there. Never rejects; left out by one that cannot go by itself. */
  lost?(): Promise<Error | undefined>;
  /** Takes the network away with all its connections. Resolves when it is gone; never rejects. */
  close(): Promise<void>;
}

/** Carries out a command whose times are the world's. Rejects with an Error saying why where it cannot. */
export async function carryOutToxic(network: ToxicControls, command: ToxicCommand): Promise<void> {
  switch (command.kind) {
    case 'down':
      return network.down();
    case 'up':
      return network.up();
    case 'add':
      return network.add(command.toxic);
    case 'remove':
      return network.remove(command.name);
  }
}
