import type { MakeReferenceClient, MakeReferenceServer, Protocol } from '../protocols/common/protocol.ts';

/** What Weir needs to run a protocol; loaded when asked, so that other protocols cost nothing. */
export interface ProtocolEntry {
  readonly protocol: () => Promise<Protocol>;
  readonly makeClient: () => Promise<MakeReferenceClient>;
  /** `services` is the parsed `services.yaml` of the protocol's corpus. */
  readonly makeServer: (services: unknown) => Promise<MakeReferenceServer>;
}

/** Every protocol that Weir knows: one line each. */
export const registry: Readonly<Record<string, ProtocolEntry>> = {
  river: {
    protocol: async () => (await import('../protocols/river/protocol.ts')).river,
    makeClient: async () => (await import('../reference-client/river/index.ts')).makeRiverClient,
    makeServer: async (services) => (await import('../reference-server/river/index.ts')).riverServer(services),
  },
  rsocket: {
    protocol: async () => (await import('../protocols/rsocket/protocol.ts')).rsocket,
    makeClient: async () => (await import('../reference-client/rsocket/index.ts')).makeRSocketClient,
    makeServer: async (services) => (await import('../reference-server/rsocket/index.ts')).rsocketServer(services),
  },
  connect: {
    protocol: async () => (await import('../protocols/connect/protocol.ts')).connect,
    makeClient: async () => (await import('../reference-client/connect/index.ts')).makeConnectClient,
    makeServer: async (services) => (await import('../reference-server/connect/index.ts')).connectServer(services),
  },
  swill: {
    protocol: async () => (await import('../protocols/swill/protocol.ts')).swill,
    makeClient: async () => (await import('../reference-client/swill/index.ts')).makeSwillClient,
    makeServer: async (services) => (await import('../reference-server/swill/index.ts')).swillServer(services),
  },
  clamator: {
    protocol: async () => ({
      ...(await import('../protocols/clamator/protocol.ts')).clamator,
      broker: (await import('../brokers/redis/index.ts')).redis,
    }),
    makeClient: async () => (await import('../reference-client/clamator/index.ts')).makeClamatorClient,
    makeServer: async (services) => (await import('../reference-server/clamator/index.ts')).clamatorServer(services),
  },
};

/** The entry of a protocol. Throws an Error that names those there are. */
export function protocolEntry(name: string): ProtocolEntry {
  const entry = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (entry === undefined) throw new Error(`there is no protocol ${JSON.stringify(name)}; Weir knows ${Object.keys(registry).join(', ')}`);
  return entry;
}
