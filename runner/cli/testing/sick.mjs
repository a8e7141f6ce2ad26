// The adapter of the reference peers with one illness each, in the conversation alone: node sick.mjs <illness>.
import { PassThrough } from 'node:stream';

const illness = process.argv[2];
const { stdin, stdout } = process;
const write = stdout.write.bind(stdout);
const passOn = new PassThrough();
const pass = (line) => passOn.write(`${line}\n`);
const say = (message) => write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

const clients = new Set();
const known = new Set([
  'initialize',
  'ping',
  'connect',
  'invoke',
  'send',
  'credit',
  'finish',
  'cancel',
  'disconnect',
  'serve',
  'stop',
  'shutdown',
]);
/** Answers that are changed, or (undefined) kept back, by the id of the request. */
const changes = new Map();
let firstUrl;

/** What becomes of requests; gives whether the line goes on. */
const symptoms = {
  shapeless: ({ id, method }) => {
    if (method === 'initialize') changes.set(id, (message) => ({ ...message, result: { ...message.result, roles: undefined } }));
    return true;
  },
  'deaf-to-ping': ({ method }) => method !== 'ping',
  'short-of-breath': (_request, line) => line.length < 65_536 || process.exit(7),
  'mute-of-unknown': ({ method }) => known.has(method),
  'dies-of-late-calls': ({ method }) => method !== 'send' || process.exit(8),
  'waits-for-the-connection': ({ method, params }) => method !== 'connect' || !params.eager,
  'only-child': ({ id, method, params }) => {
    if (method !== 'connect') return true;
    if (clients.size > 0 && !params.eager) say({ id, error: { code: -32000, message: 'there is one already' } });
    if (!params.eager) clients.add(params.client);
    return clients.size < 2;
  },
  talkative: ({ method }) => {
    if (method === 'connect') write('connecting\n');
    return true;
  },
  'stays-after-shutdown': ({ id, method }) => {
    if (method === 'shutdown') say({ id, result: {} });
    return method !== 'shutdown';
  },
  'same-address': ({ id, method }) => {
    if (method !== 'serve') return true;
    changes.set(id, (message) => {
      firstUrl ??= message.result.url;
      return { ...message, result: { url: firstUrl } };
    });
    return true;
  },
  'address-of-nobody': ({ id, method }) => {
    if (method === 'serve') changes.set(id, (message) => ({ ...message, result: { url: 'ws://127.0.0.1:1' } }));
    return true;
  },
  'never-stops': ({ id, method }) => {
    if (method === 'stop') say({ id, result: {} });
    return method !== 'stop';
  },
  'hard-of-crowds': ({ id, method, params }) => {
    // One binding shows it as two do, and its runs are many and have processes of their own.
    if (method === 'initialize') changes.set(id, (message) => ({ ...message, result: { ...message.result, bindings: ['json'] } }));
    if (method === 'connect') clients.add(params.client);
    if (method === 'disconnect') clients.delete(params.client);
    return true;
  },
};

/** Notifications that are changed. */
const tells = {
  misshapen: (message) => (message.method === 'message' ? { ...message, params: { ...message.params, result: 7 } } : message),
  'hard-of-crowds': (message) =>
    message.method === 'message' && clients.size > 1 ? { ...message, method: 'log', params: { message: 'lost' } } : message,
};

function hear(line) {
  if (line === '') return;
  const request = JSON.parse(line);
  if (symptoms[illness]?.(request, line) ?? true) pass(line);
}

let rest = '';
stdin.setEncoding('utf8').on('data', (chunk) => {
  if (illness === 'by-chunks') {
    // Takes a chunk for a line.
    try {
      hear(JSON.stringify(JSON.parse(chunk.split('\n')[0])));
    } catch {
      process.stderr.write('that is no JSON\n');
    }
    return;
  }
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  lines.forEach(hear);
});
stdin.on('end', () => {
  if (illness === 'stays-after-stdin') setInterval(() => {}, 1000);
  else passOn.end();
});
Object.defineProperty(process, 'stdin', { value: passOn });
stdout.write = (text, ...more) => {
  if (text === '') return write(text, ...more);
  const message = JSON.parse(text);
  return write(`${JSON.stringify(changes.get(message.id)?.(message) ?? tells[illness]?.(message) ?? message)}\n`, ...more);
};
await import('../../../implementations/reference-node/adapter.mjs');
