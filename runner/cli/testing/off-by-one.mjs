// The reference peers behind an adapter that misreports what a client reads: numbers named `result` come out one too high.
// With HONEST set it tells the truth, with MUTE it tells nothing that a client reads; the file that RAN names shows that it ran.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

if (process.env.RAN) writeFileSync(process.env.RAN, '');
const adapter = fileURLToPath(new URL('../../../implementations/reference-node/adapter.mjs', import.meta.url));
const child = spawn(process.execPath, [adapter], { stdio: ['pipe', 'pipe', 'inherit'] });
process.stdin.pipe(child.stdin);
createInterface({ input: child.stdout }).on('line', (line) => {
  const message = JSON.parse(line);
  const value = message.params?.result?.value;
  if (message.method === 'message' && typeof value?.result === 'number' && !process.env.HONEST) value.result += 1;
  if (message.method !== 'message' || !process.env.MUTE) process.stdout.write(`${JSON.stringify(message)}\n`);
});
child.on('exit', (code) => process.exit(code ?? 1));
process.stderr.write('off by one\n');
