import { AbsenceError } from '../../protocols/common/absence.ts';
import { afterEachMessage } from '../../protocols/common/environment.ts';
import type { MakeReferenceServer, MatchContext } from '../../protocols/common/protocol.ts';
import { describedProcedures, holdToServices } from '../../protocols/common/services.ts';
import { formOf } from '../../protocols/connect/bindings.ts';
import { contentType, MOST_DECOMPRESSED } from '../../protocols/connect/content.ts';
import { partsOf } from '../../protocols/connect/reference.ts';
import type { Respond, ServerCommand } from '../../protocols/connect/script.ts';
import { rawBytes, writeScripted } from '../../protocols/connect/scripted.ts';
import { statusLine } from './answer.ts';
import { testServices } from './behaviours.ts';
import { Connection } from './connection.ts';
import type { Hosted } from './handler.ts';
import type { ServerSettings } from './settings.ts';

/** Makes reference servers that host the procedures of a parsed services.yaml. Throws an Error where that and the handlers differ. */
export function connectServer(services: unknown): MakeReferenceServer {
  checkServices(services);
  return serverOf(testServices);
}

/** Makes reference servers that host something. */
export function serverOf(hosted: Hosted): MakeReferenceServer {
  return (environment, events) => {
    const connections: Connection[] = [];
    const manual = new Set<string>();
    let runs = 0;
    let received = 0;
    return {
      serve({ server, binding, options }) {
        const { readMaxBytes, timeScale } = options;
        const settings: ServerSettings = {
          instance: server,
          hosted,
          compresses: formOf(binding).encoding === 'gzip',
          readMaxBytes: typeof readMaxBytes === 'number' ? readMaxBytes : MOST_DECOMPRESSED,
          timeScale: typeof timeScale === 'number' ? timeScale : 1,
          manual,
          nextRun() {
            runs += 1;
            return String(runs);
          },
        };
        return (link) => {
          const connection = new Connection(link, { environment, events, settings });
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
        if (command.respond !== undefined) respond(connections, command.respond, context);
        if (command.raw === undefined && command.close === undefined && command.abort === undefined) return;
        const { link } = connectionOf(connections, command.on);
        if (command.raw !== undefined) link.raw?.(rawBytes(command.raw));
        if (command.close !== undefined) link.close(0, '');
        if (command.abort !== undefined) link.abort();
      },
      hasSeen: (found) => {
        const { connection, exchange } = partsOf(found);
        return connections[connection]?.exchange(exchange)?.isReady === true;
      },
      received: () => received,
    };
  };
}

function respond(connections: readonly Connection[], spec: Respond, context: MatchContext): void {
  const found = context.streamOf(spec.to);
  const place = found === undefined ? undefined : partsOf(found);
  const connection = place === undefined ? undefined : connections[place.connection];
  const exchange = place === undefined ? undefined : connection?.exchange(place.exchange);
  if (connection === undefined || exchange?.call === undefined) {
    throw new AbsenceError(`respond: no request of ${spec.to} waits for an answer; is its procedure among the manual ones?`);
  }
  const { procedure, codec } = exchange.call;
  const isStream = procedure.kind !== 'unary';
  const isError = spec.status !== undefined && spec.status !== 200;
  const type = isError && !isStream ? 'application/json' : contentType(isStream, codec);
  const usual = { codec, isStream, procedure: procedure.name, from: 'server' as const, fields: [{ name: 'Content-Type', value: type }] };
  writeScripted(connection.link, statusLine(spec.status ?? 200, spec.reason ?? 'Scripted'), spec, usual);
  if (spec.part === undefined || spec.part === 'finish') exchange.answered();
}

function connectionOf(connections: readonly Connection[], on: number | undefined): Connection {
  const connection = on === undefined ? connections.findLast(({ isGone }) => !isGone) : connections[on];
  if (connection === undefined) throw new AbsenceError('the reference server has no connection now; let a client call first');
  return connection;
}

/** Holds services.yaml and the handlers to each other. */
function checkServices(services: unknown): void {
  holdToServices(Object.keys(describedProcedures(services)), Object.keys(testServices.behaviours));
}
