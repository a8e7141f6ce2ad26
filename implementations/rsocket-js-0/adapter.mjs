// Weir adapter for rsocket-js 0.0 (rsocket-core, rsocket-flowable and its transports). See docs/adapters.md.
//
// It does what an application would do with the library's public API, and reports what that application would see.
// - An Error with a `source` is an ERROR frame: its code and message. A plain one says that there is no lease, by its own name, or
//   that the connection could not be had, or is gone: CLOSED.
// - A handler can fail a call with a text only, and answer a request-response with a payload only.
// - The library tells a handler of a lost connection as of a cancel; which it is the connection's status says.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { Refusal, run } from '../../kits/typescript/index.mjs';
import { Asking, dialling, MAX } from '../../kits/typescript/rsocket/asking.mjs';
import { Listening, payloadOf, requestForms, setupOf } from '../../kits/typescript/rsocket/requests.mjs';
import { admission, bytesOf, codeName, Services, textOf } from '../../kits/typescript/rsocket/services.mjs';

const folder = resolve(process.argv[2] ?? '.');
const require = createRequire(`${folder}/`);
const core = require('rsocket-core');
const { Flowable, Single } = require('rsocket-flowable');
const { default: TcpClient } = require('rsocket-tcp-client');
const { default: TcpServer } = require('rsocket-tcp-server');
const { default: WebSocketClient } = require('rsocket-websocket-client');
const { default: WebSocketServer } = require('rsocket-websocket-server');
const WebSocket = require('ws');

const { BufferEncoders, ERROR_CODES, Lease, Leases, RSocketClient, RSocketServer } = core;
const { MESSAGE_RSOCKET_ROUTING: ROUTING, APPLICATION_OCTET_STREAM: OCTETS, MESSAGE_RSOCKET_COMPOSITE_METADATA: COMPOSITE } = core;
const { version } = JSON.parse(readFileSync(`${folder}/node_modules/rsocket-core/package.json`, 'utf8'));

function describe({ source, message, name }) {
  if (source !== undefined) return codeName(source.code, ERROR_CODES);
  return /lease/i.test(message) ? name : 'CLOSED';
}
const messageOf = ({ source, message }) => source?.message ?? message;
const { requestOf, echoOf, readRequest } = requestForms(core, { routing: ROUTING, octets: OCTETS });

/** Makes a call. */
function start(call, rsocket, asking) {
  const request = requestOf(call);
  let asked;
  let output;
  const running = asking.running({
    cancel: () => asked.cancel(),
    request: (n) => asked.request(n),
    next(payload, last) {
      output.onNext(payload);
      if (last) output.onComplete();
    },
    complete: () => output.onComplete(),
    error: ({ message }) => output.onError(new Error(message)),
  });
  const onError = (error) => asking.failed(error, describe(error), messageOf(error));
  const items = {
    onNext: (payload) => asking.item(payloadOf(payload), false),
    onComplete: () => asking.complete(),
    onError,
    onSubscribe(subscription) {
      asked = subscription;
      subscription.request(call.credit ?? MAX);
    },
  };
  if (call.kind === 'metadata-push') rsocket.metadataPush({ metadata: bytesOf(call.metadata) }).then();
  else if (call.kind === 'fire-and-forget') rsocket.fireAndForget(request);
  else if (call.kind === 'request-response') {
    rsocket.requestResponse(request).subscribe({
      onSubscribe: (cancel) => {
        asked = { cancel };
      },
      onComplete: (payload) => asking.item(payloadOf(payload), true),
      onError,
    });
  } else if (call.kind === 'request-stream') rsocket.requestStream(request).subscribe(items);
  else rsocket.requestChannel(outputOf(request, asking, (subscriber) => (output = subscriber))).subscribe(items);
  return running;
}

/** What the requester of a channel sends: its first item with the request, further ones as the responder asks. */
function outputOf(first, asking, taken) {
  return new Flowable((subscriber) => {
    let sent = false;
    taken(subscriber);
    subscriber.onSubscribe({
      request(n) {
        if (!sent) {
          sent = true;
          subscriber.onNext(first);
        } else asking.credit(n);
      },
      cancel: () => asking.unwanted(),
    });
  });
}

/** Answers calls with the standard services; `end` is the connection on which they come. */
function responder(services, end) {
  const peer = {
    echo(payload, then) {
      let stop = () => {};
      end.rsocket.requestResponse(echoOf(payload)).subscribe({
        onSubscribe: (cancel) => {
          stop = cancel;
        },
        onComplete: (answer) => then(payloadOf(answer)),
        onError: (error) => then(undefined, { code: describe(error), text: messageOf(error) }),
      });
      return { cancel: () => stop() };
    },
    push: (metadata) => end.rsocket.metadataPush({ metadata }).then(),
  };
  const begin = (kind, payload, credit, way) => services.handle({ ...readRequest(payload), kind, credit, complete: false }, way, peer);
  const left = (handling) => (end.isGone() ? handling?.disconnected() : handling?.cancelled());
  const failing = (subscriber) => (_code, text) => subscriber.onError(new Error(text));
  const wayOf = (subscriber, input) => ({
    next(item, last) {
      subscriber.onNext(item);
      if (last) subscriber.onComplete();
    },
    complete: () => subscriber.onComplete(),
    error: failing(subscriber),
    request: (n) => input.request(n),
    stopInput: () => input.cancel(),
  });
  /** Runs `first` once its credit is known, which the library gives right away. */
  const flowable = (first) =>
    new Flowable((subscriber) => {
      let handling;
      let credit = 0;
      subscriber.onSubscribe({
        request(n) {
          if (handling === undefined) credit += n;
          else handling.credit(n);
        },
        cancel: () => left(handling),
      });
      first(subscriber, (payload, kind, input) => {
        try {
          handling = begin(kind, payload, credit, wayOf(subscriber, input));
        } catch (error) {
          subscriber.onError(error);
        }
        return handling;
      });
    });
  return {
    fireAndForget: (payload) => void begin('fire-and-forget', payload, 0, {}),
    requestResponse: (payload) =>
      new Single((subscriber) => {
        let handling;
        subscriber.onSubscribe(() => left(handling));
        const next = (item) => subscriber.onComplete(item);
        handling = begin('request-response', payload, 1, { next, complete: () => next(payloadOf(undefined)), error: failing(subscriber) });
      }),
    requestStream: (payload) => flowable((_subscriber, handle) => handle(payload, 'request-stream')),
    requestChannel: (payloads) =>
      flowable((_subscriber, handle) => {
        let handling;
        let input;
        payloads.subscribe({
          onSubscribe(subscription) {
            input = subscription;
            // The first item, which came with the request.
            input.request(1);
          },
          onNext(payload) {
            if (handling === undefined) handling = handle(payload, 'request-channel', input);
            else handling.item(payloadOf(payload));
          },
          onComplete: () => handling?.inputComplete(),
          onError: (error) => (end.isGone() ? left(handling) : handling?.failed(describe(error))),
        });
      }),
    metadataPush(payload) {
      services.pushed(payload.metadata);
      return Single.of(undefined);
    },
  };
}

/** Leases of an instance: what it grants, once. */
function leases({ leaseRequests }, { leaseTtlMs }) {
  if (leaseRequests === undefined) return {};
  const granted = () =>
    new Flowable((subscriber) => {
      subscriber.onSubscribe({ cancel: () => {}, request: () => subscriber.onNext(new Lease(Math.round(leaseTtlMs), leaseRequests)) });
    });
  const take = (received) => received.subscribe({ onSubscribe: (subscription) => subscription.request(MAX) });
  return { leases: () => new Leases().sender(granted).receiver(take) };
}

/** Follows what becomes of a connection. */
function watch(rsocket, told) {
  let last = '';
  rsocket.connectionStatus().subscribe({
    onSubscribe: (subscription) => subscription.request(MAX),
    onNext({ kind }) {
      last = kind;
      if (kind === 'CLOSED' || kind === 'ERROR') told();
    },
  });
  return () => last === 'CLOSED' || last === 'ERROR';
}

function connect(instance, given) {
  const { url, binding, timers, options } = given;
  const { hostname, port } = new URL(url);
  const transport =
    binding === 'tcp'
      ? new TcpClient({ host: hostname, port: Number(port) }, BufferEncoders)
      : new WebSocketClient({ url, wsCreator: (address) => new WebSocket(address) }, BufferEncoders);
  const end = { rsocket: undefined, isGone: () => false };
  const setup = setupOf(given, { composite: COMPOSITE, octets: OCTETS });
  const client = new RSocketClient({
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

async function serve(instance, { binding, options, timers }) {
  const services = new Services(instance, options.timeScale ?? 1);
  const ends = [];
  const listening = new Listening();
  const address = { host: '127.0.0.1', port: 0 };
  const transport =
    binding === 'tcp'
      ? new TcpServer({ ...address, serverFactory: (onConnection) => listening.watch(createServer(onConnection)) }, BufferEncoders)
      : new WebSocketServer(address, BufferEncoders, (given) => listening.watch(new WebSocket.Server(given)));
  const server = new RSocketServer({
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

run({
  info: {
    control: 1,
    name: 'rsocket-js-0',
    version,
    language: 'JavaScript',
    protocol: 'rsocket',
    roles: ['client', 'server'],
    bindings: ['tcp', 'websocket'],
    features: ['lease', 'metadata-push', 'server-calls', 'client-handlers', 'credit', 'response-metadata', 'keepalive-timeout'],
    concurrency: 8,
  },
  connect,
  serve,
});
