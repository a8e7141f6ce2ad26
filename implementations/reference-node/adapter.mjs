// Weir's own reference client and server as an adapter process: the example of a good adapter (docs/adapters.md), and
// what the process path is tested with. Needs `npm run build`.
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fromTagged, listenForWebSockets, protocolEntry, startClock, toTagged, webSocketDialer } from '../../dist/runner/cli/peers.js';

const entry = protocolEntry('river');
const read = (file) => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
const services = read('dist/cases/river/services.json');
const features = read('dist/cases/river/features.json');
const { version } = read('package.json');
const makeClient = await entry.makeClient();
const makeServer = await entry.makeServer(services);

const write = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const notify = (method, params) => write({ method, params });

// What the peers tell goes out as it comes; only values have to be tagged, since JSON cannot carry them all.
const events = {
  start: (params) => notify('start', toTagged(params)),
  message: (params) => notify('message', toTagged(params)),
  end: (params) => notify('end', toTagged(params)),
  status: (params) => notify('status', params),
  handler: (params) => notify('handler', toTagged(params)),
  log: (params) => notify('log', params),
};

/** Client handle → { peer, clock, dialer, closed }. A closed client stays: later calls on it are answered by the peer. */
const clients = new Map();
/** Call handle → the peer it was made on. */
const calls = new Map();
/** Server handle → { peer, clock, listener }. */
const servers = new Map();

const find = (map, handle) => {
  const found = map.get(handle);
  if (found === undefined) throw new Error(`there is no ${handle}`);
  return found;
};

const nothing = {};

const methods = {
  initialize: () => ({
    control: 1,
    name: 'reference-node',
    version,
    language: 'TypeScript',
    protocol: 'river',
    roles: ['client', 'server'],
    // Those that River has: its description, which says so, has much more that an adapter does not need, and each start of one would load it.
    bindings: ['json', 'msgpack'],
    features: Object.keys(features),
    concurrency: 32,
  }),

  async connect(params) {
    if (clients.get(params.client)?.closed ?? true) {
      const clock = startClock(randomInt(2 ** 31));
      const dialer = webSocketDialer(params.url);
      clients.set(params.client, { peer: makeClient(clock, dialer.dial, events), clock, dialer, closed: false });
    }
    const metadata = params.metadata === undefined ? {} : { metadata: params.metadata.map(fromTagged) };
    await clients.get(params.client).peer.connect({ ...params, ...metadata });
    return nothing;
  },

  async invoke(params) {
    const { peer } = find(clients, params.at);
    calls.set(params.call, peer);
    await peer.invoke(params);
    return nothing;
  },

  async send(params) {
    await find(calls, params.call).send(params);
    return nothing;
  },

  async finish(params) {
    await find(calls, params.call).finish(params);
    return nothing;
  },

  async cancel(params) {
    await find(calls, params.call).cancel(params);
    return nothing;
  },

  async disconnect(params) {
    const client = find(clients, params.client);
    client.closed = true;
    await client.peer.disconnect(params);
    await client.dialer.close();
    client.clock.stop();
    return nothing;
  },

  async serve(params) {
    const clock = startClock(randomInt(2 ** 31));
    const peer = makeServer(clock, events);
    const listener = await listenForWebSockets(peer.serve(params));
    servers.set(params.server, { peer, clock, listener });
    return { url: listener.url };
  },

  async stop(params) {
    const { peer, clock, listener } = find(servers, params.server);
    servers.delete(params.server);
    await peer.stop(params);
    await listener.close();
    clock.stop();
    return nothing;
  },

  shutdown() {
    // Behind the answer, which must have gone out.
    setImmediate(() => process.stdout.write('', () => process.exit(0)));
    return nothing;
  },
};

async function answer({ id, method, params }) {
  try {
    if (!Object.hasOwn(methods, method)) throw new Error(`unknown method ${method}`);
    write({ id, result: await methods[method](params) });
  } catch (error) {
    write({ id, error: { code: -32000, message: error instanceof Error ? error.message : String(error) } });
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => void answer(JSON.parse(line)))
  .on('close', () => process.exit(0));
