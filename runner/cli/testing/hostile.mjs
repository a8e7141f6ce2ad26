// The good adapter of implementations/reference-node, which misbehaves in the way its first argument names: at its start, or
// in the runs that invoke the service `fallible` or serve with token handshakes (the guilty ones). It never gives what it
// read from test.echoUnion as it was, so that one innocent case fails in every kind, as it does with the kind `none`.
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { attackingServer, attackOnWire, serverAttacks, wireAttacks } from './wire-attacks.mjs';

const [kind = 'none'] = process.argv.slice(2);
const adapter = new URL('../../../implementations/reference-node/adapter.mjs', import.meta.url);
const { stdin, stdout } = process;
const say = stdout.write.bind(stdout);
const write = (message, then) => say(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`, then);
/** Nothing else is said from now on: its newline would end what has none. */
let mute = false;
const sleepForEver = () => setInterval(() => {}, 1_000_000);
const exit = (code, words) => {
  process.stderr.write(`${words}\n`);
  process.exit(code);
};
const flood = (line) => {
  const block = line.repeat(Math.ceil(200_000 / line.length));
  const more = () => say(block, more);
  more();
};
const messageOf = (call) => ({ method: 'message', params: { call, result: { ok: true, value: 1 } } });

/** Kinds that let the guilty request be answered, too. */
const ANSWERED = new Set(['answer-twice', 'foreign-message', 'crash-later']);

/** What the guilty request meets. */
const misdeeds = {
  crash: () => exit(3, 'segmentation fault, or the like'),
  'exit-0': () => exit(0, 'that was all I wanted to do'),
  hang: () => process.stderr.write('waiting for a lock\n'),
  garbage: () => say('DEBUG connecting\n'),
  'half-line': () => say('{"jsonrpc":"2.0","meth', () => process.exit(0)),
  'invalid-utf8': () => say(Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a])),
  'no-newline': () => {
    mute = true;
    const block = Buffer.alloc(1024 * 1024, 0x61);
    let left = 100;
    const more = () => {
      left -= 1;
      if (left >= 0) say(block, more);
    };
    more();
  },
  'wrong-id': () => write({ id: 4711, result: {} }),
  'answer-twice': ({ id }) => write({ id, result: {} }),
  'flood-messages': ({ params }) => flood(`${JSON.stringify({ jsonrpc: '2.0', ...messageOf(params.call) })}\n`),
  'flood-logs': () => flood(`${JSON.stringify({ jsonrpc: '2.0', method: 'log', params: { message: 'x'.repeat(10_000) } })}\n`),
  'flood-garbage': () => flood('x\n'),
  'flood-stderr': () => {
    const block = 'x'.repeat(100_000);
    const more = () => process.stderr.write(block, more);
    more();
  },
  'close-stdin': ({ id }) => {
    sleepForEver();
    stdin.destroy().on('close', () => {
      closeSync(0);
      write({ id, result: {} });
    });
  },
  'close-stdout': () => {
    sleepForEver();
    stdout.write = () => {};
    stdout.destroy();
    closeSync(1);
  },
  grandchild: () => {
    // It inherits stdout and stderr and would keep both open for ever.
    spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: ['ignore', 'inherit', 'inherit'] });
    exit(4, 'my child lives on');
  },
  'foreign-message': ({ params }) => write(messageOf(`${params.call}-of-another`)),
  'crash-later': () => setTimeout(() => exit(5, 'a callback threw'), 100),
  refuse: ({ id, method }) => write({ id, error: { code: -32000, message: `the library cannot ${method}` } }),
  'bind-nothing': ({ id }) => write({ id, result: { url: 'ws://127.0.0.1:1' } }),
  elsewhere: ({ id }) => write({ id, result: { url: 'ws://somewhere.example.org:80' } }),
  'no-address': ({ id }) => write({ id, result: { url: 'localhost, I think' } }),
  // What goes wrong on the wire is the implementation's fault, not the adapter's.
  ...Object.fromEntries(
    wireAttacks.map((name) => [
      name,
      ({ id, params }) => {
        attackOnWire(name, urls.get(runOf(params.call)));
        write({ id, result: {} });
      },
    ]),
  ),
  ...Object.fromEntries(
    serverAttacks.map((name) => [`server-${name}`, async ({ id }) => write({ id, result: { url: await attackingServer(name) } })]),
  ),
};

/** What the `disconnect` or `stop` of a guilty run meets. */
const lastDeeds = {
  'hang-at-disconnect': () => {},
  'crash-at-disconnect': () => exit(6, 'double free'),
  'crash-at-stop': () => exit(6, 'double free'),
};

if (kind === 'crash-at-start') exit(7, 'Traceback (most recent call last):\nno module named river');
if (kind === 'exit-0-at-start') exit(0, 'usage: adapter [options]');
if (kind === 'banner') say('Welcome to the adapter!\n');
if (kind === 'deaf') {
  process.on('SIGTERM', () => {});
  process.exit = sleepForEver;
}

const guiltyRuns = new Set();
const runOf = (handle) => handle.slice(0, handle.indexOf('/'));
const open = new Set();
/** Run → where its client dials. */
const urls = new Map();

function receive(message) {
  const { method, params } = message;
  if (kind === 'hang-at-start') return;
  if (method === 'connect') open.add(runOf(params.client));
  if (method === 'connect') urls.set(runOf(params.client), params.url);
  if (method === 'disconnect') open.delete(runOf(params.client));
  const guilty = params.service === 'fallible' || params.options?.handshake === 'token';
  if (guilty) guiltyRuns.add(runOf(params.call ?? params.server));
  const last = ['disconnect', 'stop'].includes(method) && guiltyRuns.has(runOf(params.client ?? params.server));
  const misdeed = last ? lastDeeds[kind] : guilty ? misdeeds[kind] : undefined;
  misdeed?.(message);
  if (misdeed === undefined || ANSWERED.has(kind)) passOn.write(`${JSON.stringify(message)}\n`);
}

/** Whether a message goes out as the good adapter said it. */
function send(message) {
  if (mute) return undefined;
  const { method, params } = message;
  const echoed = method === 'message' && params.result.ok && params.result.value?.a === 1;
  if (echoed) return write({ ...message, params: { ...params, result: { ok: true, value: { a: 2 } } } });
  // It says that it can run 32 side by side, and loses what one reads as soon as there are two.
  if (kind === 'lie-about-concurrency' && method === 'message' && open.size > 1) return undefined;
  return write(message);
}

const passOn = new PassThrough();
let rest = '';
stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) receive(JSON.parse(line));
});
stdin.on('end', () => {
  if (kind !== 'deaf') passOn.end();
});
Object.defineProperty(process, 'stdin', { value: passOn });
stdout.write = (text) => send(JSON.parse(text));
await import(adapter);
