import { AbsenceError } from '../../protocols/common/absence.ts';
import type { MatchContext } from '../../protocols/common/protocol.ts';
import { hexBytes, type ScriptNames } from '../../protocols/rsocket/peer/script-names.ts';
import type { ServerCommand } from '../../protocols/rsocket/script.ts';
import { scriptedFrames } from '../../protocols/rsocket/scripted-frame.ts';
import type { Connection } from './connection.ts';
import type { RunningServer } from './server.ts';

/** Carries out one command on a server. Throws an Error saying why where it cannot. */
export function runCommand(server: RunningServer, command: ServerCommand, names: ScriptNames, context: MatchContext): void {
  const { switches, replies } = server;
  if (command.send !== undefined) send(server, command, names, context);
  if (command['send-raw'] !== undefined) {
    const { hex, text } = command['send-raw'];
    const connection = connectionOf(server, command);
    if (text === undefined) connection.send(hexBytes(hex ?? ''));
    else connection.sendText(text);
  }
  if (command.bytes !== undefined) connectionOf(server, command).sendRaw(hexBytes(command.bytes.hex));
  if (command.ping !== undefined) connectionOf(server, command).ping(command.ping);
  if (command.close !== undefined) leave(server, command, 'close');
  if (command.abort !== undefined) leave(server, command, 'abort');
  if (command.keepalives !== undefined) switches.keepalives = command.keepalives === 'on';
  if (command.watchdog !== undefined) switches.watchdog = command.watchdog === 'on';
  if (command.reactions !== undefined) switches.reactions = command.reactions === 'on';
  for (const procedure of command.manual ?? []) server.manual.add(procedure);
  if (command.lease !== undefined) {
    const session = server.sessionOn(command.on);
    if (session === undefined) throw new AbsenceError('the reference server has no session now; let the client connect first');
    session.state.grant({ requests: command.lease.requests, ttlMs: Math.round(command.lease.ttl * server.options.timeScale) });
  }
  if (command.setup !== undefined) replies.setSetup(command.setup);
  if (command.resume !== undefined) replies.resume = command.resume;
  if (command.release !== undefined && server.pending?.release() !== true) throw new AbsenceError('release: nothing is held');
  if (command['forget-sessions'] !== undefined) server.forgetSessions();
}

function send(server: RunningServer, command: ServerCommand, names: ScriptNames, context: MatchContext): void {
  if (command.send === undefined) return;
  const session = server.sessionOn(command.on);
  const defaults = names.defaults(session?.state, session?.firstConnection ?? 0, context, server.timers, session?.token);
  const frames = scriptedFrames(command.send, defaults);
  const live = session?.connection !== undefined ? session : undefined;
  const connection = live === undefined ? connectionOf(server, command) : undefined;
  for (const bytes of frames) {
    if (live === undefined) connection?.send(bytes);
    else live.state.script(bytes);
  }
}

/** Ends a connection by hand; its session goes on as after any loss. */
function leave(server: RunningServer, command: ServerCommand, how: 'close' | 'abort'): void {
  const connection = connectionOf(server, command);
  const session = server.sessions.all().find((each) => each.connection === connection);
  connection[how]();
  session?.left();
}

function connectionOf(server: RunningServer, { on }: ServerCommand): Connection {
  const connection = server.connection(on);
  if (connection === undefined) throw new AbsenceError('the reference server has no connection now; let the client connect first');
  return connection;
}
