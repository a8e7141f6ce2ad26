import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';

/** Makes, in a folder, an implementation with the good adapter but for one procedure, which it refuses to call. Gives the folder. */
export function flawed(place: string): string {
  mkdirSync(place, { recursive: true });
  writeFileSync(
    join(place, 'adapter.mjs'),
    `import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
const real = spawn(process.execPath, [process.env.REAL], { stdio: ['pipe', 'inherit', 'inherit'] });
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.method === 'invoke' && message.params.procedure === 'divide') {
    process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id: message.id, error: { code: -32000, message: 'division is not done here' } }) + '\\n');
  } else real.stdin.write(line + '\\n');
}
real.stdin.end();
`,
  );
  writeFileSync(
    join(place, 'implementation.yaml'),
    `name: flawed\ntitle: Flawed\nlanguage: JavaScript\nprotocol: river\nroles: [client]\ncommand: [node, adapter.mjs]\nenv: { REAL: ${JSON.stringify(join(packageRoot(), 'implementations', 'reference-node', 'adapter.mjs'))} }\n`,
  );
  return place;
}
