// Weir adapter for rsocket-js 1.0 (rsocket-core and its transports). See docs/adapters.md.
//
// It does what an application would do with the library's public API, and reports what that application would see.
// - An Error with a code is an ERROR frame: its code keeps its name, or its number. Every other Error that ends a call says that the
//   connection could not be had, or is gone: CLOSED.
// - The library tells a handler of a lost connection as of a cancel; which it is the connection itself says (`onClose`).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { run } from '../../kits/typescript/index.mjs';
import { Asking, dialling, MAX } from '../../kits/typescript/rsocket/asking.mjs';
import { Listening, payloadOf, requestForms, setupOf } from '../../kits/typescript/rsocket/requests.mjs';
import { bytesOf, codeName, codeNumber, Services } from '../../kits/typescript/rsocket/services.mjs';

const folder = resolve(process.argv[2] ?? '.');
const require = createRequire(`${folder}/`);
const { ErrorCodes, RSocketConnector, RSocketError, RSocketServer } = require('rsocket-core');
const composite = require('rsocket-composite-metadata');
const { TcpClientTransport } = require('rsocket-tcp-client');
const { TcpServerTransport } = require('rsocket-tcp-server');
const { WebsocketClientTransport } = require('rsocket-websocket-client');
const { WebsocketServerTransport } = require('rsocket-websocket-server');
const WebSocket = require('ws');

const { version } = JSON.parse(readFileSync(`${folder}/node_modules/rsocket-core/package.json`, 'utf8'));
const {
  MESSAGE_RSOCKET_ROUTING: ROUTING,
  APPLICATION_OCTET_STREAM: OCTETS,
  MESSAGE_RSOCKET_COMPOSITE_METADATA: COMPOSITE,
} = composite.WellKnownMimeType;

const errorOf = ({ code, message }) => new RSocketError(codeNumber(code, ErrorCodes), message);
/** Its errors are no instances of their class. */
const describe = ({ code }) => (typeof code === 'number' ? codeName(code, ErrorCodes) : 'CLOSED');
/** The library counts no header. */
const fragmentation = ({ fragmentSize }) =>
  fragmentSize === undefined ? {} : { fragmentation: { maxOutboundFragmentSize: fragmentSize - 6 } };
const { requestOf, echoOf, readRequest } = requestForms(composite, { routing: ROUTING, octets: OCTETS });

/** Makes a call. */
function start(call, rsocket, asking) {
  const request = requestOf(call);
  const credit = call.credit ?? MAX;
  const receiver = {
    onNext: (payload, last) => asking.item(payloadOf(payload), last),
    onComplete: () => asking.complete(),
    onError: (error) => asking.failed(error),
    onExtension: () => {},
    request: (n) => asking.credit(n),
    cancel: () => asking.unwanted(),
  };
  let stream;
  const running = asking.running({
    cancel: () => stream.cancel(),
    request: (n) => stream.request(n),
    next: (payload, last) => stream.onNext(payload, last),
    complete: () => stream.onComplete(),
    error: (error) => stream.onError(errorOf(error)),
  });
  if (call.kind === 'metadata-push') rsocket.metadataPush(bytesOf(call.metadata), receiver);
  else if (call.kind === 'fire-and-forget') rsocket.fireAndForget(request, { onComplete: () => {}, onError: () => {} });
  else if (call.kind === 'request-response') stream = rsocket.requestResponse(request, receiver);
  else if (call.kind === 'request-stream') stream = rsocket.requestStream(request, credit, receiver);
  else stream = rsocket.requestChannel(request, credit, false, receiver);
  return running;
}

function isClosed(rsocket) {
  let closed = false;
  rsocket.onClose(() => {
    closed = true;
  });
  return closed;
}

/** Answers calls with the standard services; `remote` is who calls. */
function responder(services, remote) {
  const peer = {
    echo(payload, then) {
      return remote().requestResponse(echoOf(payload), {
        onNext: (answer) => then(payloadOf(answer)),
        onComplete: () => then(undefined),
        onError: (error) => then(undefined, { code: describe(error), text: error.message }),
        onExtension: () => {},
      });
    },
    push: (metadata) => remote().metadataPush(metadata, { onComplete: () => {}, onError: () => {} }),
  };
  const begin = (kind, payload, credit, complete, stream) => {
    let over = false;
    const way = {
      next: (item, last) => stream.onNext(item, last),
      complete: () => stream.onComplete(),
      error: (code, message) => stream.onError(errorOf({ code, message })),
      request: (n) => stream.request(n),
      stopInput: () => stream.cancel(),
    };
    const handling = services.handle({ ...readRequest(payload), kind, credit, complete }, way, peer);
    const ended = (code) => {
      if (over) return;
      over = true;
      if (isClosed(remote())) handling.disconnected();
      else if (code === undefined) handling.cancelled();
      else handling.failed(code);
    };
    return {
      request: (n) => handling.credit(n),
      // What follows says why, where anything does.
      cancel: () => queueMicrotask(() => ended(undefined)),
      onExtension: () => {},
      onNext(item, isComplete) {
        handling.item(payloadOf(item));
        if (isComplete) handling.inputComplete();
      },
      onComplete: () => handling.inputComplete(),
      onError: (error) => ended(error.code === undefined || error.code === ErrorCodes.CANCELED ? undefined : describe(error)),
    };
  };
  return {
    fireAndForget: (payload, stream) => begin('fire-and-forget', payload, 0, false, stream),
    requestResponse: (payload, stream) => begin('request-response', payload, 1, false, stream),
    requestStream: (payload, n, stream) => begin('request-stream', payload, n, false, stream),
    requestChannel: (payload, n, complete, stream) => begin('request-channel', payload, n, complete, stream),
    metadataPush: (metadata) => services.pushed(metadata),
  };
}

function connect(instance, given) {
  const { url, binding, timers, options } = given;
  const { hostname, port } = new URL(url);
  const transport =
    binding === 'tcp'
      ? new TcpClientTransport({ connectionOptions: { host: hostname, port: Number(port) } })
      : new WebsocketClientTransport({ url, wsCreator: (address) => new WebSocket(address) });
  const setup = setupOf(given, { composite: COMPOSITE, octets: OCTETS });
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

async function serve(instance, { binding, options, timers }) {
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

run({
  info: {
    control: 1,
    name: 'rsocket-js',
    version,
    language: 'JavaScript',
    protocol: 'rsocket',
    roles: ['client', 'server'],
    bindings: ['tcp', 'websocket'],
    features: [
      'resume',
      'fragmentation',
      'metadata-push',
      'server-calls',
      'client-handlers',
      'credit',
      'response-metadata',
      'keepalive-timeout',
    ],
    concurrency: 8,
  },
  connect,
  serve,
});
