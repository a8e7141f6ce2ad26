// An adapter for tests: echoes what is sent on a call, and misbehaves in the way its first argument names.
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [mode = 'good', file] = process.argv.slice(2);
const write = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const notify = (method, params) => write({ method, params });

const info = {
  control: 1,
  name: 'testing',
  version: process.env.TESTING_VERSION ?? '1.2.3',
  language: 'JavaScript',
  protocol: 'river',
  roles: ['client', 'server'],
  bindings: ['json'],
  features: [],
  concurrency: 4,
};

const handlers = {
  // What was written before bindings were called so speaks of codecs.
  initialize: () => (mode === 'before' ? (({ bindings, ...rest }) => ({ ...rest, codecs: bindings }))(info) : info),
  connect: ({ client, codec }) => {
    notify('status', { instance: client, status: 'connected', ...(mode === 'before' ? { detail: codec } : {}) });
    return {};
  },
  invoke: ({ call, value, init, ...rest }) => {
    // Says what it was told, all that a call may carry, and what its handler saw.
    if (mode === 'shows') {
      notify('start', { call, metadata: { $bytes: 'AQ==' } });
      notify('message', { call, result: { ok: true, value: rest, metadata: rest.metadata } });
      notify('message', { call, result: { ok: false, error: { code: 7, message: '', metadata: rest.metadata } } });
      notify('handler', { instance: rest.at, run: '1', event: 'credit', value: 3 });
      notify('end', { call, metadata: rest.metadata });
      return {};
    }
    notify('message', { call, result: { ok: true, value: mode === 'before' ? init : value } });
    return {};
  },
  send: ({ call, value, request }) => {
    notify('message', { call, result: { ok: true, value: mode === 'before' ? request : value } });
    return {};
  },
  finish: ({ call }) => {
    notify('end', { call });
    return {};
  },
  credit: ({ call, n }) => {
    notify('message', { call, result: { ok: true, value: n } });
    return {};
  },
  cancel: () => {
    throw new Error('cannot cancel');
  },
  disconnect: () => ({}),
  serve: () => (mode === 'no-url' ? {} : { url: 'ws://127.0.0.1:1' }),
  stop: () => ({}),
  shutdown: () => ({}),
};

function sleepForEver() {
  setInterval(() => {}, 1_000_000);
}

// What each mode does instead of answering `invoke`.
const misdeeds = {
  crash: () => {
    process.stderr.write('about to fall\n');
    process.exit(3);
  },
  'only-once': () => process.exit(3),
  hang: () => {},
  garbage: () => process.stdout.write('print("debug")\n'),
  'half-line': () => process.stdout.write('{"jsonrpc":"2.0","meth', () => process.exit(0)),
  'invalid-utf8': () => process.stdout.write(Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a])),
  'no-newline': () => {
    const block = Buffer.alloc(1024 * 1024, 0x61);
    // The answer to a ping would end the line.
    const say = process.stdout.write.bind(process.stdout);
    process.stdout.write = () => false;
    let left = 100;
    const more = () => {
      left -= 1;
      if (left >= 0) say(block, more);
    };
    more();
  },
  'garbage-flood': () => {
    const more = () => process.stdout.write('x\n'.repeat(10_000), more);
    more();
  },
  'notification-flood': (_id, params) => {
    const line = `${JSON.stringify({ jsonrpc: '2.0', method: 'message', params: { call: params.call, result: { ok: true, value: 1 } } })}\n`;
    const more = () => process.stdout.write(line.repeat(1000), more);
    more();
  },
  'log-flood': () => {
    const line = `${JSON.stringify({ jsonrpc: '2.0', method: 'log', params: { message: 'x'.repeat(10_000) } })}\n`;
    const more = () => process.stdout.write(line.repeat(100), more);
    more();
  },
  'close-stdin': (id) => {
    sleepForEver();
    lines.removeAllListeners('close');
    process.stdin.destroy().on('close', () => {
      closeSync(0);
      write({ id, result: {} });
    });
  },
  'close-stdout': closeStdout,
  'half-line-and-on': () => process.stdout.write('{"jsonrpc":"2.0","meth', closeStdout),
  'wrong-id': () => write({ id: 4711, result: {} }),
  'text-id': (id) => write({ id: String(id), result: {} }),
  'double-answer': (id) => {
    write({ id, result: {} });
    write({ id, result: {} });
  },
  'own-request': () => write({ id: 1, method: 'message', params: {} }),
  'unknown-handle': () => notify('message', { call: 'nobody', result: { ok: true, value: 1 } }),
  'unmade-call': (_id, params) => notify('message', { call: `${params.call}x`, result: { ok: true, value: 1 } }),
  'bad-shape': (_id, params) => notify('message', { call: params.call, result: { ok: 'yes' } }),
  'bad-tag': (_id, params) => notify('message', { call: params.call, result: { ok: true, value: { $bigint: 'x' } } }),
  deep: () => process.stdout.write(`{"jsonrpc":"2.0","method":"log","params":{"message":"","x":${'['.repeat(1e6)}${']'.repeat(1e6)}}}\n`),
};

if (mode === 'crash-at-start') {
  process.stderr.write('no module named river\n');
  process.exit(7);
}
if (mode === 'ignore-sigterm') {
  process.on('SIGTERM', () => {});
  sleepForEver();
}
if (mode === 'grandchild' || mode === 'left-group') {
  // It inherits stdout and stderr and would keep both open for ever.
  const stdio = ['ignore', 'inherit', 'inherit'];
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio, detached: mode === 'left-group' });
  process.stderr.write(`grandchild ${child.pid}\n`);
}
if (mode === 'pid-file') writeFileSync(file, String(process.pid));
if (mode === 'only-once') {
  // The first process comes up and crashes at `invoke`; none comes up after it.
  appendFileSync(file, 'x');
  if (readFileSync(file, 'utf8').length > 1) process.exit(1);
}

/** What an adapter that does not flush has written. */
const kept = [];

/** Says no more, and goes on running. */
function closeStdout() {
  sleepForEver();
  // A ping may still be answered.
  process.stdout.write = () => false;
  process.stdout.end();
  process.stdout.destroy();
  closeSync(1);
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (mode === 'hang-at-start') return;
  if (mode === 'bom-at-start') return void process.stdout.write(`\ufeff${JSON.stringify({ jsonrpc: '2.0', id, result: info })}\n`);
  if (mode === 'no-flush') {
    kept.push({ id, result: handlers[method](params) });
    return;
  }
  if (mode === 'hang-at-disconnect' && method === 'disconnect') return;
  const misdeed = method === 'invoke' && !params.call.endsWith('innocent') ? misdeeds[mode] : undefined;
  if (misdeed !== undefined) {
    misdeed(id, params);
    return;
  }
  try {
    write({ id, result: handlers[method](params) });
  } catch (error) {
    write({ id, error: { code: -32000, message: error.message } });
  }
  if (method === 'invoke' && (mode === 'grandchild' || mode === 'left-group')) process.exit(0);
});
lines.on('close', () => {
  for (const message of kept) write(message);
  if (mode !== 'ignore-sigterm') process.exit(0);
});
