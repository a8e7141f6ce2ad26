import type { Calling } from '../../../protocols/common/control.ts';
import type { MakeReferenceClient, MakeReferenceServer, Scriptable } from '../../../protocols/common/protocol.ts';
import { Party } from './party.ts';

/** The toy protocol's client: each `connect` makes a party that dials. */
export const makeToyClient: MakeReferenceClient = (_environment, dial, events) => {
  const parties = new Map<string, Party>();
  return {
    async connect({ client, url }) {
      if (parties.has(client)) return;
      const party = new Party(client, events);
      parties.set(client, party);
      const { events: heard, linked } = party.connect(1);
      linked(dial(heard, url));
    },
    async disconnect({ client }) {
      found(parties, client).close();
    },
    ...driven(parties),
  };
};

/** The toy protocol's server: it calls in the same words as a client. */
export const makeToyServer: MakeReferenceServer = (_environment, events) => {
  const parties = new Map<string, Party>();
  return {
    serve({ server }) {
      const party = new Party(server, events);
      parties.set(server, party);
      return (link) => {
        const { events: heard, linked } = party.connect(2);
        linked(link);
        return heard;
      };
    },
    async stop({ server }) {
      found(parties, server).close();
    },
    ...driven(parties),
  };
};

/** How calls of the parties are made and how scripts drive them, at whichever end they are. */
function driven(parties: ReadonlyMap<string, Party>): Required<Calling> & Scriptable {
  const calls = new Map<string, Party>();
  return {
    async invoke(params) {
      const party = found(parties, params.at);
      calls.set(params.call, party);
      await party.invoke(params);
    },
    send: (params) => found(calls, params.call).calling.send(params),
    credit: (params) => found(calls, params.call).calling.credit(params),
    finish: (params) => found(calls, params.call).calling.finish(params),
    cancel: (params) => found(calls, params.call).calling.cancel(params),
    script: (command, context) => found(parties, onWhom(command)).script(command, context),
    received: () => [...parties.values()].reduce((sum, { received }) => sum + received, 0),
    hasSeen: (reference) => [...parties.values()].some((party) => party.hasSeen(reference)),
  };
}

function onWhom(command: unknown): string {
  return typeof command === 'object' && command !== null && 'on' in command ? String(command.on) : 'main';
}

function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`there is no "${name}"`);
  return value;
}
