// Servers of the library.
import { createServer } from 'node:net';
import { Asking } from '../../kits/typescript/rsocket/asking.mjs';
import { Listening } from '../../kits/typescript/rsocket/requests.mjs';
import { Services } from '../../kits/typescript/rsocket/services.mjs';
import { describe, fragmentation, RSocketServer, TcpServerTransport, WebSocket, WebsocketServerTransport } from './library.mjs';
import { start } from './requester.mjs';
import { responder } from './responder.mjs';

/** A server that listens. */
export async function serve(instance, { binding, options, timers }) {
  const services = new Services(instance, options.timeScale ?? 1);
  const connections = [];
  const listening = new Listening();
  const transport =
    binding === 'tcp'
      ? new TcpServerTransport({
          listenOptions: { host: '127.0.0.1', port: 0 },
          socketCreator: (given) => listening.watch(createServer(given)),
        })
      : new WebsocketServerTransport({ host: '127.0.0.1', port: 0, wsCreator: (given) => listening.watch(new WebSocket.Server(given)) });
  const acceptor = {
    async accept({ data }, remote) {
      await services.admit(data);
      connections.push(remote);
      instance.status('connected');
      remote.onClose(() => instance.status('disconnected'));
      return responder(services, () => remote);
    },
  };
  const resume = options.resume === true ? { resume: { sessionTimeout: timers.resumeExpiryMs } } : {};
  const server = await new RSocketServer({ transport, acceptor, ...fragmentation(options), ...resume }).bind();
  return {
    url: listening.url(binding),
    invoke: (call) => start(call, connections.at(call.to ?? -1), new Asking(call, describe)),
    stop() {
      for (const remote of connections) remote.close();
      server.close();
      listening.cut();
    },
  };
}
