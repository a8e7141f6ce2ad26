import { uuid } from '../../protocols/clamator/peer/names.ts';
import type { ClientCommand } from '../../protocols/clamator/script.ts';
import { named } from '../../protocols/common/named.ts';
import type { MakeReferenceClient } from '../../protocols/common/protocol.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { Client } from './client.ts';
import { clientSettings } from './settings.ts';

/** Makes the reference client of clamator: each `connect` is a client with a reply stream of its own. */
export const makeClamatorClient: MakeReferenceClient = (environment, dial, events) => {
  const clients = new Map<string, Client>();
  const found = (name: string): Client => named(clients, 'client', name);
  /** Whose call a name is. */
  const calls = new Map<string, Client>();
  return {
    async connect(params) {
      const known = clients.get(params.client);
      const client =
        known ??
        new Client(
          environment,
          events,
          clientSettings(params, dial, () => uuid(environment)),
        );
      clients.set(params.client, client);
      if (params.eager) client.start();
    },
    async disconnect({ client }) {
      await clients.get(client)?.stop();
    },
    async invoke(params) {
      const client = found(params.at);
      calls.set(params.call, client);
      await client.invoke(params);
    },
    async cancel({ call }) {
      calls.get(call)?.cancel(call);
    },
    async send() {
      throw new Error('a call of clamator takes one value, with its start');
    },
    async finish() {},
    script(command) {
      const on = isPlainObject(command) && typeof command['on'] === 'string' ? command['on'] : 'main';
      // The runner parsed it by clientScript.
      found(on).script(command as ClientCommand);
    },
  };
};
