// The reference peers behind an adapter that tells what it was trusted with, in every way of testing/leaks.mjs: on stderr, in logs,
// in errors that calls end with, in statuses, and (as a server) in what handlers say.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { leaks } from './leaks.mjs';

const adapter = fileURLToPath(new URL('../../../implementations/reference-node/adapter.mjs', import.meta.url));
const child = spawn(process.execPath, [adapter], { stdio: ['pipe', 'pipe', 'inherit'] });
const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const texts = new Set();

function trust(secret) {
  for (const leak of leaks) {
    const told = leak.write(secret);
    for (const text of [told].flat()) {
      texts.add(text);
      process.stderr.write(`${text}\n`);
      say({ method: 'log', params: { message: text } });
    }
  }
  // In two writes, with time for each to be read alone.
  process.stderr.write(secret.slice(0, 7));
  setTimeout(() => process.stderr.write(`${secret.slice(7)}\n`), 20);
}

for (const secret of (process.env.TRUSTED ?? '').split('\n').filter(Boolean)) trust(secret);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { method, params } = JSON.parse(line);
    if (method === 'connect') {
      for (const { token } of params.metadata ?? []) trust(token);
      say({ method: 'status', params: { instance: params.client, status: 'connected', detail: [...texts].join(' ') } });
    }
    child.stdin.write(`${line}\n`);
  })
  .on('close', () => child.stdin.end());
createInterface({ input: child.stdout }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.method === 'message') message.params.result = { ok: false, error: { code: 'LEAK', message: [...texts].join(' ') } };
  process.stdout.write(`${JSON.stringify(message)}\n`);
});
child.on('exit', (code) => process.exit(code ?? 1));
