// Clients of the library.
import { dialling } from '../../kits/typescript/rsocket/asking.mjs';
import { setupOf } from '../../kits/typescript/rsocket/requests.mjs';
import { bytesOf, Services } from '../../kits/typescript/rsocket/services.mjs';
import { describe, fragmentation, MIMES, RSocketConnector, TcpClientTransport, WebSocket, WebsocketClientTransport } from './library.mjs';
import { start } from './requester.mjs';
import { responder } from './responder.mjs';

/** A client, which dials when it is told to, or called. */
export function connect(instance, given) {
  const { url, binding, timers, options } = given;
  const { hostname, port } = new URL(url);
  const transport =
    binding === 'tcp'
      ? new TcpClientTransport({ connectionOptions: { host: hostname, port: Number(port) } })
      : new WebsocketClientTransport({ url, wsCreator: (address) => new WebSocket(address) });
  const setup = setupOf(given, MIMES);
  const resume = {
    tokenGenerator: () => (options.token === undefined ? Buffer.from(`weir-${Math.random()}`) : bytesOf(options.token)),
    reconnectFunction: (attempt) => new Promise((done) => setTimeout(done, attempt === 0 ? 0 : timers.reconnectIntervalMs)),
  };
  let rsocket;
  const connector = new RSocketConnector({
    transport,
    setup,
    ...fragmentation(options),
    ...(options.leaseRequests === undefined ? {} : { lease: {} }),
    ...(options.resume === true ? { resume } : {}),
    responder: responder(new Services(instance, options.timeScale ?? 1), () => rsocket),
  });
  const connecting = async () => {
    rsocket = await connector.connect();
    instance.status('connected');
    rsocket.onClose((error) => {
      if (typeof error?.code === 'number') instance.status('refused', describe(error));
      instance.status('closed');
    });
    return rsocket;
  };
  const { dial, invoke, dialled } = dialling(instance, connecting, start, describe);
  return { dial, invoke, close: async () => (await dialled())?.close() };
}
