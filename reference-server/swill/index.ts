import { AbsenceError } from '../../protocols/common/absence.ts';
import { afterEachMessage } from '../../protocols/common/environment.ts';
import type { MakeReferenceServer, MatchContext } from '../../protocols/common/protocol.ts';
import { describedProcedures, holdToServices } from '../../protocols/common/services.ts';
import { fromTagged, isPlainObject } from '../../protocols/common/value.ts';
import { partsOf, reference } from '../../protocols/swill/reference.ts';
import type { ResponseSend, ScriptedUpgrade, ServerCommand } from '../../protocols/swill/script.ts';
import { dribble, scriptedResponse, writeBelow, writeBurst, writeMessage } from '../../protocols/swill/scripted.ts';
import { Connection } from './connection.ts';
import type { Procedure } from './handler.ts';
import { Hooks, STAGES } from './hooks.ts';
import { INTROSPECT } from './introspection.ts';
import { procedures } from './procedures.ts';
import { type ServerSettings, serverOptions } from './settings.ts';

/** Makes reference servers that host the procedures of a parsed services.yaml. Throws an Error where that and the handlers differ. */
export function swillServer(services: unknown): MakeReferenceServer {
  checkServices(services);
  return (environment, events) => {
    const connections: Connection[] = [];
    const manual = new Set<string>();
    const runs = new Map<string, number>();
    const names = new Map<string, string>();
    let upgrade: { how: ScriptedUpgrade; left: number } = { how: 'normal', left: Number.POSITIVE_INFINITY };
    let received = 0;
    const nextRun = (procedure: string): string => {
      const run = (runs.get(procedure) ?? 0) + 1;
      runs.set(procedure, run);
      return String(run);
    };
    return {
      serve({ server, options: given }) {
        const options = serverOptions.parse(given);
        const hooks = new Hooks(options.hooks, {
          environment,
          timeScale: options.timeScale,
          tell: (stage, subject) =>
            events.handler({ instance: server, procedure: stage, run: nextRun(stage), event: 'started', value: { ...subject } }),
        });
        for (const detail of hooks.unknown) events.status({ instance: server, status: 'hook-refused', detail });
        const settings: ServerSettings = {
          options,
          environment,
          hooks,
          procedures: hosted(options.procedures),
          manual,
          run: nextRun,
          tell: (procedure, run, event, value, metadata) =>
            events.handler({
              instance: server,
              procedure,
              run,
              event,
              ...(value === undefined ? {} : { value }),
              ...(metadata === undefined ? {} : { metadata }),
            }),
        };
        return (link) => {
          const connection: Connection = new Connection(link, {
            settings,
            number: connections.length,
            upgrade: () => {
              const { how } = upgrade;
              upgrade.left -= 1;
              if (upgrade.left <= 0) upgrade = { how: 'normal', left: Number.POSITIVE_INFINITY };
              return how;
            },
            gone: () => {},
          });
          connections.push(connection);
          return afterEachMessage(connection.events, () => (received += 1));
        };
      },
      async stop() {
        for (const { link } of connections) link.abort();
      },
      script(given, context) {
        // The runner parsed it by serverScript.
        const command = given as ServerCommand;
        for (const procedure of command.manual ?? []) manual.add(procedure);
        if (command.upgrade !== undefined) upgrade = { how: command.upgrade.how, left: command.upgrade.times ?? Number.POSITIVE_INFINITY };
        const spec = command.send ?? command.burst?.[0] ?? command.dribble;
        if (spec === undefined && !isBelow(command)) return;
        const connection = connectionOf(connections, command, spec, context);
        const writing = { link: connection.link, mask: undefined };
        const made = (each: ResponseSend) =>
          Array.from({ length: each.times ?? 1 }, () => scriptedResponse(each, { seq: seqOf(each, connection, names, context) }));
        if (command.send !== undefined) for (const frame of made(command.send)) writeMessage(writing, frame, command.send.fragments);
        if (command.burst !== undefined) writeBurst(writing, command.burst.flatMap(made));
        if (command.dribble !== undefined) for (const frame of made(command.dribble)) dribble(writing, frame);
        writeBelow(writing, command);
      },
      streamId: (name) => names.get(name),
      hasSeen: (found) => {
        const { connection, seq } = partsOf(found);
        return connections[connection]?.knows(seq) === true;
      },
      received: () => received,
    };
  };
}

/** The procedures of these names, in the order of services.yaml; all of them where none is named. */
function hosted(names: readonly string[] | undefined): ReadonlyMap<string, Procedure> {
  return names === undefined ? procedures : new Map([...procedures].filter(([name]) => names.includes(name)));
}

function isBelow({ bytes, ping, close, abort }: ServerCommand): boolean {
  return [bytes, ping, close, abort].some((each) => each !== undefined);
}

/** The connection of the call that is answered, that which a script names, or the latest that is open. */
function connectionOf(
  all: readonly Connection[],
  { on }: ServerCommand,
  spec: ResponseSend | undefined,
  context: MatchContext,
): Connection {
  const called = spec?.call === undefined ? undefined : context.streamOf(spec.call);
  const number = on ?? (called === undefined ? undefined : partsOf(called).connection);
  const found = number === undefined ? (all.findLast(({ isOpen }) => isOpen) ?? all.at(-1)) : all[number];
  if (found === undefined) throw new AbsenceError('the reference server has no connection now; let the client connect first');
  return found;
}

function seqOf(spec: ResponseSend, connection: Connection, names: Map<string, string>, context: MatchContext): unknown {
  const { call: name } = spec;
  if (name === undefined) return 'seq' in spec ? fromTagged(spec.seq) : 1;
  const found = context.streamOf(name) ?? names.get(name);
  if (found !== undefined) return partsOf(found).seq;
  const seq = 'seq' in spec ? Number(fromTagged(spec.seq)) : 999;
  names.set(name, reference(connection.number, seq));
  return seq;
}

/** Holds services.yaml and the handlers to each other. */
function checkServices(services: unknown): void {
  const described = describedProcedures(services);
  holdToServices(Object.keys(described), procedures.keys(), [INTROSPECT, ...STAGES]);
  for (const [name, { kind }] of procedures) {
    const facts: unknown = described[name];
    const said = isPlainObject(facts) ? facts['kind'] : undefined;
    if (said !== kind) throw new Error(`services.yaml: ${name} is ${kind}, not ${String(said)}`);
  }
}
