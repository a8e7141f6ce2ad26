import { AbsenceError } from '../../protocols/common/absence.ts';
import { afterEachMessage } from '../../protocols/common/environment.ts';
import { named } from '../../protocols/common/named.ts';
import type { MakeReferenceServer } from '../../protocols/common/protocol.ts';
import { describedProcedures, holdToServices } from '../../protocols/common/services.ts';
import { fromTagged } from '../../protocols/common/value.ts';
import { callsTold } from '../../protocols/rsocket/peer/peer-events.ts';
import { ScriptNames } from '../../protocols/rsocket/peer/script-names.ts';
import { serviceNames } from '../../protocols/rsocket/peer/services/host.ts';
import { reference, streamIdIn } from '../../protocols/rsocket/reference.ts';
import type { ServerCommand } from '../../protocols/rsocket/script.ts';
import { runCommand } from './script.ts';
import { RunningServer } from './server.ts';
import type { ServerSession } from './sessions.ts';

/**
 * Makes reference servers that host the procedures of a parsed services.yaml. Throws an Error where the file names a procedure that has
 * no handler, or has none for a handler that there is.
 */
export function rsocketServer(services: unknown): MakeReferenceServer {
  checkServices(services);
  return (environment, events) => {
    const running = new Map<string, RunningServer>();
    const calls = callsTold(events);
    const names = new ScriptNames();
    let latest: RunningServer | undefined;
    let received = 0;
    const serverOf = (handle: string): RunningServer => named(running, 'server', handle);
    return {
      serve(params) {
        const server = new RunningServer(environment, events, params);
        latest = server;
        running.set(params.server, server);
        return (link) => afterEachMessage(server.accept(link), () => (received += 1));
      },
      async stop({ server }) {
        running.get(server)?.stop();
        running.delete(server);
      },
      async invoke({ at, to, call, kind, procedure, value, metadata, credit }) {
        const session = sessionOf(serverOf(at), to);
        calls.invoke({ call, kind, procedure, value: fromTagged(value), metadata: fromTagged(metadata), credit })(session.state);
      },
      async send({ call, value, metadata }) {
        calls.send(call, fromTagged(value), fromTagged(metadata));
      },
      async credit({ call, n }) {
        calls.credit(call, n);
      },
      async finish({ call, error }) {
        calls.finish(call, error);
      },
      async cancel({ call }) {
        calls.cancel(call);
      },
      script(command, context) {
        if (latest === undefined) throw new Error('the reference server was not started yet');
        // The runner parsed it by serverScript.
        runCommand(latest, command as ServerCommand, names, context);
      },
      streamId: (name) => names.reference(name),
      hasSeen: (found) => {
        const streamId = streamIdIn(found);
        const sessions = latest?.sessions.all() ?? [];
        return sessions.some(
          ({ state, firstConnection }) => streamId !== undefined && state.knows(streamId) && reference(firstConnection, streamId) === found,
        );
      },
      received: () => received,
    };
  };
}

function sessionOf(server: RunningServer, to: number | undefined): ServerSession {
  const session = server.sessionOn(to);
  if (session === undefined) throw new AbsenceError(`there is no connection ${to ?? ''} to call over; let the client connect first`);
  return session;
}

/** Holds services.yaml and the handlers to each other. */
function checkServices(services: unknown): void {
  holdToServices(Object.keys(describedProcedures(services)), serviceNames, ['metadata-push']);
}
