import type { CallId } from '../../protocols/clamator/envelope.ts';
import type { Entry } from '../../protocols/clamator/message.ts';
import { uuid } from '../../protocols/clamator/peer/names.ts';
import { textsOf } from '../../protocols/clamator/peer/words.ts';
import type { ScriptedReply, ServerCommand } from '../../protocols/clamator/script.ts';
import { latin1Bytes } from '../../protocols/common/latin1.ts';
import { named } from '../../protocols/common/named.ts';
import type { MakeReferenceServer, MatchContext } from '../../protocols/common/protocol.ts';
import { fromTagged, isPlainObject } from '../../protocols/common/value.ts';
import { checkServices, testServices } from './behaviours.ts';
import { Server } from './server.ts';
import { serverSettings } from './settings.ts';

/** A request that a case answers by hand. */
interface Held {
  readonly id: CallId;
  readonly entry: Entry;
}

/** Makes reference servers of clamator that host the services of a parsed services.yaml. Throws an Error where that and the handlers differ. */
export function clamatorServer(services: unknown): MakeReferenceServer {
  checkServices(services);
  return (environment, events, dial) => {
    const servers = new Map<string, Server>();
    const manual = new Set<string>();
    const held = new Map<string, Held>();
    let runs = 0;
    const context = {
      environment,
      events,
      services: testServices,
      manual,
      held: (id: CallId, entry: Entry) => void held.set(`id:${JSON.stringify(id)}`, { id, entry }),
      nextRun() {
        runs += 1;
        return String(runs);
      },
    };
    const found = (name: string): Server => named(servers, 'server', name);
    return {
      async serve(params) {
        const settings = serverSettings(params, dial, Object.keys(testServices), () => uuid(environment));
        const server = new Server(context, settings);
        servers.set(params.server, server);
        await server.start();
        for (const service of settings.late) server.register(service);
      },
      async stop({ server, how }) {
        await found(server).stop(how);
      },
      hasSeen: (call) => held.has(call),
      script(given, matching) {
        // The runner parsed it by serverScript.
        const command = given as ServerCommand;
        for (const method of command.manual ?? []) manual.add(method);
        const server = found(isPlainObject(given) && typeof given['on'] === 'string' ? given['on'] : 'main');
        if (command.command !== undefined) server.command(textsOf(command.command, server.space));
        if (command.reply !== undefined) reply(server, command.reply, held, matching);
      },
    };
  };
}

function reply(server: Server, given: ScriptedReply, held: ReadonlyMap<string, Held>, { streamOf }: MatchContext): void {
  const request = held.get(streamOf(given.to) ?? '');
  if (request === undefined) throw new Error(`no method that is answered by hand got ${given.to}`);
  const stream = given.stream === undefined ? request.entry.replyTo : `${server.space}${given.stream}`;
  if (stream === undefined) throw new Error(`${given.to} wants no reply`);
  const written = envelopeOf(given, request.id);
  const envelope = given.latin1 === true && typeof written === 'string' ? latin1Bytes(written) : written;
  const fields = Object.entries(given.fields ?? (envelope === undefined ? { type: 'rpc' } : {})).flat();
  const known = envelope === undefined ? [] : ['type', 'rpc', 'envelope', envelope];
  for (let i = 0; i < (given.times ?? 1); i += 1) server.command(['XADD', stream, 'MAXLEN', '~', '1024', '*', ...known, ...fields]);
}

function envelopeOf({ result, error, envelope, text, hex }: ScriptedReply, id: CallId): string | Uint8Array | undefined {
  if (hex !== undefined) return new Uint8Array(Buffer.from(hex, 'hex'));
  if (text !== undefined) return text;
  if (envelope !== undefined) return JSON.stringify(withId(fromTagged(envelope), id));
  if (error !== undefined) return JSON.stringify({ jsonrpc: '2.0', id, error });
  return result === undefined ? undefined : JSON.stringify({ jsonrpc: '2.0', id, result });
}

function withId(value: unknown, id: CallId): unknown {
  if (!isPlainObject(value)) return Array.isArray(value) ? value.map((each) => withId(each, id)) : value;
  if (value['$id'] === true) return id;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withId(inner, id)]));
}
