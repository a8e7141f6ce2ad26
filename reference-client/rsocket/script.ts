import type { MatchContext } from '../../protocols/common/protocol.ts';
import type { LinkWire } from '../../protocols/rsocket/peer/link-wire.ts';
import { hexBytes, type ScriptNames } from '../../protocols/rsocket/peer/script-names.ts';
import type { ClientCommand, SendFrame } from '../../protocols/rsocket/script.ts';
import { scriptedFrames } from '../../protocols/rsocket/scripted-frame.ts';
import type { RSocketClient } from './client.ts';

/** Carries out one command on a client. Throws an Error saying why where it cannot. */
export function runCommand(client: RSocketClient, command: ClientCommand, names: ScriptNames, context: MatchContext): void {
  const make = (spec: SendFrame): readonly Uint8Array[] =>
    scriptedFrames(spec, names.defaults(client.session, client.firstConnection, context, client.timers, client.token));
  const write = (act: (wire: LinkWire) => void): void => client.whenOpen(act);
  if (command.send !== undefined) {
    const frames = make(command.send);
    write((wire) => {
      for (const bytes of frames) {
        if (client.session.isAttached) client.session.script(bytes);
        else wire.send(bytes);
      }
    });
  }
  if (command['send-raw'] !== undefined) {
    const { hex, text } = command['send-raw'];
    write((wire) => (text === undefined ? wire.send(hexBytes(hex ?? '')) : wire.sendText(text)));
  }
  if (command.bytes !== undefined) {
    const { hex } = command.bytes;
    write((wire) => wire.sendRaw(hexBytes(hex)));
  }
  if (command.ping !== undefined) {
    const { ping } = command;
    write((wire) => wire.ping(ping));
  }
  if (command.close !== undefined) client.drop((wire) => wire.close());
  if (command.abort !== undefined) client.drop((wire) => wire.abort());
  if (command.keepalives !== undefined) client.switches.keepalives = command.keepalives === 'on';
  if (command.watchdog !== undefined) client.switches.watchdog = command.watchdog === 'on';
  if (command.reactions !== undefined) client.switches.reactions = command.reactions === 'on';
  for (const procedure of command.manual ?? []) client.manual.add(procedure);
  if (command.lease !== undefined) {
    client.session.grant({ requests: command.lease.requests, ttlMs: Math.round(command.lease.ttl * client.options.timeScale) });
  }
  if (command.connect === 'raw') client.connectRaw();
  if (command.connect === 'normal') client.connect();
  if (command.setup !== undefined) client.live('fresh', make({ frame: 'SETUP', ...command.setup }));
  if (command.resume !== undefined) client.live('resuming', make({ frame: 'RESUME', ...command.resume }));
  if (command.reconnect !== undefined) client.setReconnect(command.reconnect === 'on');
}
