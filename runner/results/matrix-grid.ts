import type { MatrixPair } from './matrix.ts';

/** Pairs as a grid. */
export interface Grid {
  /** Ids of rows, in the order in which pairs name them. */
  readonly clients: readonly string[];
  readonly servers: readonly string[];
  /** Undefined where these two were not run. */
  at(client: string, server: string): MatrixPair | undefined;
}

/** Lays pairs out: clients downwards, servers across. */
export function gridOf(pairs: readonly MatrixPair[]): Grid {
  return {
    clients: [...new Set(pairs.map(({ client }) => client))],
    servers: [...new Set(pairs.map(({ server }) => server))],
    at: (client, server) => pairs.find((pair) => pair.client === client && pair.server === server),
  };
}
