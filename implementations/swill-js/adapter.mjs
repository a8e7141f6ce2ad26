// Weir adapter for the public client of Swill, from the checkout that SWILL_TREE names. See docs/adapters.md.
//
// It does what an application in a browser would do: it waits for `connect`, asks for one answer with `call` and for all else with `rpc`,
// and calls `close` on what it has given up or read to its end, as `call` does.
//
// usage: node adapter.mjs <folder of the packages>
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { run } from '../../kits/typescript/index.mjs';
import { browserSocket } from './socket.mjs';

const packages = resolve(process.argv[2] ?? '');
const require = createRequire(`${packages}/package.json`);
const source = resolve(process.env.SWILL_TREE ?? '', 'clients/typescript');
const { version } = createRequire(`${source}/package.json`)('./package.json');

globalThis.WebSocket = browserSocket(require('faye-websocket'));
// A browser prints what nobody catches, and goes on.
process.on('unhandledRejection', (error) => process.stderr.write(`${error.stack}\n`));

const { outputFiles } = await require('esbuild').build({
  entryPoints: [`${source}/src/index.ts`],
  nodePaths: [`${packages}/node_modules`],
  bundle: true,
  format: 'esm',
  write: false,
});
const { Client } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);

/** Types of answers. */
const MESSAGE = 0;
const METADATA = 2;
const ERROR = 3;

/** The wait before a client dials again has a part that is left to chance, in ms; these are the client's own bounds of it. */
const JITTER = { minJitter: 1000, maxJitter: 5000 };

run({
  info: {
    control: 1,
    name: 'swill-js',
    version,
    language: 'TypeScript',
    protocol: 'swill',
    roles: ['client'],
    bindings: ['msgpack'],
    features: ['reconnect', 'status-events', 'metadata-opening'],
    concurrency: 8,
  },
  connect(instance, { url, timers, options }) {
    const { timeScale = 1 } = options;
    const client = new Client({
      url: new URL(options.path ?? '/ws', url).href,
      autoConnect: false,
      connectTimeout: timers.connectTimeoutMs,
      reconnect: options.reconnect !== false && {
        delay: timers.reconnectDelayMs,
        retries: timers.reconnectAttempts,
        backoffFactor: 1,
        minJitter: JITTER.minJitter * timeScale,
        maxJitter: JITTER.maxJitter * timeScale,
      },
      onConnected: () => instance.status('connected'),
      onDisconnected: (code) => instance.status('disconnected', String(code)),
    });
    let connected;
    const dial = () => {
      connected ??= client.connect();
      return connected;
    };
    return {
      invoke(call) {
        const begun = dial().then(() => (call.kind === 'single-single' ? one(client, call) : many(client, call)));
        begun.catch((error) => failed(call, error));
        // There is no hold on a call of one answer.
        if (call.kind === 'single-single') return {};
        // It waits for no connection; what the client refuses shows in that nothing is on the wire.
        const at = (act) => void begun.then(act).catch((error) => instance.log(`${call.name}: ${error.message}`));
        return {
          send: (value) => at((request) => request.send(value)),
          finish: () => at((request) => request.endStream()),
          cancel: () =>
            at((request) => {
              request.cancel();
              request.close();
            }),
        };
      },
      dial,
      close() {
        // It has no way to be closed.
        client.socket?.close();
      },
    };
  },
});

/** A call of one answer, as most are made. */
function one(client, call) {
  client.call(call.procedure, call.value, { metadata: call.metadata }).then(
    (value) => {
      call.message(value);
      call.end();
    },
    (error) => failed(call, error),
  );
}

/** All others. */
function many(client, call) {
  const { procedure, value, metadata } = call;
  const request = client.rpc(procedure, value, { metadata, sendMetadataFirst: value === undefined });
  read(request, call).catch((error) => failed(call, error));
  return request;
}

async function read(request, call) {
  let led = false;
  for (;;) {
    const answer = await request.receive();
    if (request.leadingMetadata !== undefined && !led) {
      led = true;
      call.start(request.leadingMetadata);
    }
    if (answer === null) return call.end(request.trailingMetadata);
    if (answer.type === METADATA) continue;
    if (answer.type === ERROR) {
      told(call, answer.data);
      return call.end();
    }
    call.message(answer.data);
    if (answer.type === MESSAGE && call.kind === 'stream-single') {
      request.close();
      return call.end(request.trailingMetadata);
    }
  }
}

/** What the client threw: an ERROR that came, or that there is no connection. */
function failed(call, error) {
  if (error.responseMessage === undefined) call.error('CLOSED', error.message);
  else told(call, error.responseMessage);
  call.end();
}

/** What an ERROR held. */
function told(call, { code, message, data }) {
  call.error(code, message, { extras: data });
}
