// Servers of the library.
import { createServer } from 'node:net';
import { Refusal } from '../../kits/typescript/index.mjs';
import { Asking } from '../../kits/typescript/rsocket/asking.mjs';
import { Listening } from '../../kits/typescript/rsocket/requests.mjs';
import { admission, Services, textOf } from '../../kits/typescript/rsocket/services.mjs';
import { leases, watch } from './connections.mjs';
import { core, describe, TcpServer, WebSocket, WebSocketServer } from './library.mjs';
import { start } from './requester.mjs';
import { responder } from './responder.mjs';

/** A server that listens. */
export async function serve(instance, { binding, options, timers }) {
  const services = new Services(instance, options.timeScale ?? 1);
  const ends = [];
  const listening = new Listening();
  const address = { host: '127.0.0.1', port: 0 };
  const transport =
    binding === 'tcp'
      ? new TcpServer({ ...address, serverFactory: (onConnection) => listening.watch(createServer(onConnection)) }, core.BufferEncoders)
      : new WebSocketServer(address, core.BufferEncoders, (given) => listening.watch(new WebSocket.Server(given)));
  const server = new core.RSocketServer({
    transport,
    ...leases(options, timers),
    getRequestHandler(rsocket, { data }) {
      // The library decides about a SETUP at once.
      if (admission(textOf(data ?? Buffer.alloc(0))).refused) throw new Error('refused');
      const end = { rsocket, isGone: watch(rsocket, () => instance.status('disconnected')) };
      ends.push(end);
      instance.status('connected');
      return responder(services, end);
    },
  });
  server.start();
  await listening.begun();
  return {
    url: listening.url(binding),
    invoke(call) {
      const end = ends.at(call.to ?? -1);
      if (end === undefined) throw new Refusal('nobody is connected');
      return start(call, end.rsocket, new Asking(call, describe));
    },
    stop() {
      server.stop();
      listening.cut();
    },
  };
}
