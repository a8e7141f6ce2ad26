// Clients of the library.
import { dialling } from '../../kits/typescript/rsocket/asking.mjs';
import { setupOf } from '../../kits/typescript/rsocket/requests.mjs';
import { Services } from '../../kits/typescript/rsocket/services.mjs';
import { leases, watch } from './connections.mjs';
import { core, describe, MIMES, TcpClient, WebSocket, WebSocketClient } from './library.mjs';
import { start } from './requester.mjs';
import { responder } from './responder.mjs';

/** A client, which dials when it is told to, or called. */
export function connect(instance, given) {
  const { url, binding, timers, options } = given;
  const { hostname, port } = new URL(url);
  const transport =
    binding === 'tcp'
      ? new TcpClient({ host: hostname, port: Number(port) }, core.BufferEncoders)
      : new WebSocketClient({ url, wsCreator: (address) => new WebSocket(address) }, core.BufferEncoders);
  const end = { rsocket: undefined, isGone: () => false };
  const setup = setupOf(given, MIMES);
  const client = new core.RSocketClient({
    transport,
    setup,
    ...leases(options, timers),
    responder: responder(new Services(instance, options.timeScale ?? 1), end),
    errorHandler: (error) => instance.status('refused', describe(error)),
  });
  const connecting = async () => {
    end.rsocket = await new Promise((connected, failed) => client.connect().then(connected, failed));
    instance.status('connected');
    end.isGone = watch(end.rsocket, () => instance.status('closed'));
    return end.rsocket;
  };
  const { dial, invoke } = dialling(instance, connecting, start, describe);
  return { dial, invoke, close: () => client.close() };
}
