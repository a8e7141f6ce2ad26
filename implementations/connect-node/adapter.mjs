// Weir adapter for connect-node (@connectrpc/connect and @connectrpc/connect-node). See docs/adapters.md.
//
// It does what an application would do with the library's public API, and reports what that application would see.
// - Headers of the library join values of one name by commas: they are told as one value.
// - The signal of a handler's context is aborted when its call is over in any way; only before the handler was done does that mean that
//   its caller gave up, or that the time was up.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from '../../kits/typescript/index.mjs';

const folder = resolve(process.argv[2] ?? '.');
const require = createRequire(`${folder}/`);
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { createFileRegistry, fromBinary, fromJson, toJson } = await load('@bufbuild/protobuf');
const { FileDescriptorSetSchema } = await load('@bufbuild/protobuf/wkt');
const { Code, ConnectError, createClient, decodeBinaryHeader, encodeBinaryHeader } = await load('@connectrpc/connect');
const { codeFromString, codeToString } = await load('@connectrpc/connect/protocol-connect');
const { compressionBrotli, compressionGzip, connectNodeAdapter, createConnectTransport } = await load('@connectrpc/connect-node');
const { version } = JSON.parse(readFileSync(`${folder}/node_modules/@connectrpc/connect-node/package.json`, 'utf8'));

const descriptors = new URL('../../cases/connect/weir.binpb', import.meta.url);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
const Test = registry.getService('weir.v1.Test');
const Say = registry.getMessage('weir.v1.Say');
const methodOf = (procedure) => Test.methods.find(({ name }) => `${Test.typeName}/${name}` === procedure);

/** Fields that are HTTP's or Connect's own. */
const RESERVED =
  /^(accept|accept-encoding|accept-post|allow|connect-.*|connection|content-(encoding|length|type)|date|host|keep-alive|te|trailer|transfer-encoding|upgrade|user-agent|vary)$/;

function headersOf(metadata) {
  const headers = new Headers();
  for (const [name, values] of Object.entries(metadata ?? {})) {
    for (const value of values) headers.append(name, typeof value === 'string' ? value : encodeBinaryHeader(value));
  }
  return headers;
}

function metadataOf(headers) {
  const metadata = {};
  for (const [name, value] of headers) {
    if (RESERVED.test(name)) continue;
    metadata[name] = [name.endsWith('-bin') ? new Uint8Array(decodeBinaryHeader(value)) : value];
  }
  return metadata;
}

const unpadded = (bytes) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** A detail as cases see it. */
function detailOf(detail) {
  if (detail.type !== Say.typeName) return { type: detail.type, value: unpadded(detail.value) };
  return { type: detail.type, message: toJson(Say, fromBinary(Say, detail.value)) };
}

function tell(call, error) {
  const { code, rawMessage, details, metadata } = ConnectError.from(error);
  call.error(codeToString(code), rawMessage, { extras: details.map(detailOf), metadata: metadataOf(metadata) });
}

/** What is written one after the other, and read as a stream. */
class Requests {
  #items = [];
  #closed = false;
  #wake = () => {};

  push(item) {
    this.#items.push(item);
    this.#wake();
  }

  close() {
    this.#closed = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      while (this.#items.length > 0) yield this.#items.shift();
      if (this.#closed) return;
      await new Promise((wake) => {
        this.#wake = wake;
      });
    }
  }
}

function connect(_instance, { url, binding, timers, options }) {
  const clientFor = (useHttpGet) =>
    createClient(
      Test,
      createConnectTransport({
        baseUrl: `${url.replace(/\/$/, '')}${options.prefix ?? ''}`,
        httpVersion: '1.1',
        useBinaryFormat: binding.startsWith('proto'),
        useHttpGet,
        acceptCompression: [compressionGzip, compressionBrotli],
        // It would else send small messages as they are.
        compressMinBytes: 0,
        ...(binding.endsWith('-gzip') ? { sendCompression: compressionGzip } : {}),
        ...(options.readMaxBytes === undefined ? {} : { readMaxBytes: options.readMaxBytes }),
        ...(timers.timeoutMs > 0 ? { defaultTimeoutMs: timers.timeoutMs } : {}),
      }),
    );
  const clients = { post: clientFor(false), get: clientFor(true) };
  const pending = new Set();
  return {
    // It dials only with a call.
    dial() {},
    invoke(call) {
      const method = methodOf(call.procedure);
      const controller = new AbortController();
      pending.add(controller);
      let trailers = new Headers();
      // What the library's own types refuse (a header that is none) is told as the failure of the call.
      const asked = () => ({
        headers: headersOf(call.metadata),
        signal: controller.signal,
        onHeader: (headers) => call.start(metadataOf(headers)),
        onTrailer: (given) => {
          trailers = given;
        },
      });
      const message = (value) => fromJson(method.input, value ?? {});
      const answer = (value) => call.message(toJson(method.output, value));
      const stub = clients[call.kind === 'get' ? 'get' : 'post'][method.localName];
      const requests = new Requests();
      const work = async () => {
        switch (method.methodKind) {
          case 'unary':
            answer(await stub(message(call.value), asked()));
            break;
          case 'server_streaming':
            for await (const value of stub(message(call.value), asked())) answer(value);
            break;
          case 'client_streaming':
            answer(await stub(requests, asked()));
            break;
          default:
            for await (const value of stub(requests, asked())) answer(value);
        }
      };
      work()
        .catch((error) => {
          tell(call, error);
          trailers = new Headers();
        })
        .finally(() => {
          pending.delete(controller);
          call.end(metadataOf(trailers));
        });
      return {
        send: (value) => requests.push(message(value)),
        finish: () => requests.close(),
        cancel: () => controller.abort(),
      };
    },
    close() {
      for (const controller of pending) controller.abort();
    },
  };
}

/** What the handlers of services.yaml do; `tell` says what they see. */
function handlers(instance, timeScale) {
  let runs = 0;
  const pause = (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms * timeScale);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    });
  /** A run of a handler. */
  const begin = (name, context, value) => {
    runs += 1;
    const run = runs;
    const tell = (event, more = {}) => instance.handler({ procedure: `${Test.typeName}/${name}`, run, event, ...more });
    let done = false;
    tell('started', { value, metadata: metadataOf(context.requestHeader) });
    context.signal.addEventListener('abort', () => {
      if (!done) tell('cancelled');
      done = true;
    });
    for (const [field, said] of context.requestHeader) {
      if (field.startsWith('x-')) context.responseHeader.set(field, said);
      if (field.startsWith('t-')) context.responseTrailer.set(field, said);
    }
    return {
      tell,
      finish() {
        if (!done) tell('finished');
        done = true;
      },
    };
  };
  const unary = (name, act) => async (request, context) => {
    const run = begin(name, context, toJson(methodOf(`${Test.typeName}/${name}`).input, request));
    try {
      return await act(request, context);
    } finally {
      run.finish();
    }
  };
  const fail = ({ code, message, details }) => {
    const made = details.map((value) => ({ desc: Say, value }));
    throw new ConnectError(message, codeFromString(code) ?? Code.Unknown, undefined, made);
  };
  return {
    echo: unary('Echo', (request) => request),
    fetch: unary('Fetch', (request) => request),
    fail: unary('Fail', fail),
    fetchFail: unary('FetchFail', fail),
    wait: unary('Wait', async ({ ms, text }, { signal }) => {
      await pause(ms, signal);
      return { text };
    }),
    left: unary('Left', (_request, context) => {
      const ms = context.timeoutMs();
      return ms === undefined ? {} : { number: BigInt(Math.max(0, Math.floor(ms))) };
    }),
    async *count(request, context) {
      const run = begin('Count', context, undefined);
      run.tell('request', { value: toJson(methodOf('weir.v1.Test/Count').input, request) });
      try {
        for (let n = 1; n <= request.to; n += 1) {
          if (request.pauseMs > 0) await pause(request.pauseMs, context.signal);
          yield { n };
        }
        if (request.code !== '') throw new ConnectError(request.message, codeFromString(request.code) ?? Code.Unknown);
      } finally {
        run.finish();
      }
    },
    async sum(requests, context) {
      const run = begin('Sum', context, undefined);
      let [sum, count] = [0, 0];
      for await (const { n } of requests) {
        run.tell('request', { value: n === 0 ? {} : { n } });
        sum += n;
        count += 1;
      }
      run.tell('requests-closed');
      run.finish();
      return { sum, count };
    },
    async *chat(requests, context) {
      const run = begin('Chat', context, undefined);
      const all = [];
      for await (const request of requests) all.push(request);
      run.tell('requests-closed');
      yield* all;
      run.finish();
    },
  };
}

async function serve(instance, { binding, options }) {
  const { unmade: _unmade, ...made } = handlers(instance, options.timeScale ?? 1);
  const listener = createServer(
    connectNodeAdapter({
      routes: (router) => router.service(Test, made),
      ...(binding.endsWith('-gzip') ? { compressMinBytes: 0 } : {}),
      ...(options.readMaxBytes === undefined ? {} : { readMaxBytes: options.readMaxBytes }),
    }),
  );
  await new Promise((ready) => listener.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${listener.address().port}`,
    stop() {
      listener.close();
      listener.closeAllConnections();
    },
  };
}

run({
  info: {
    control: 1,
    name: 'connect-node',
    version,
    language: 'JavaScript',
    protocol: 'connect',
    roles: ['client', 'server'],
    bindings: ['proto', 'json', 'proto-gzip', 'json-gzip'],
    features: ['size-limit', 'get', 'error-details', 'brotli'],
    concurrency: 8,
  },
  connect,
  serve,
});
