import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';

/** Makes, in a folder, an implementation with the good adapter but for one procedure, which it refuses to call. Gives the folder. */
export function flawed(place: string): string {
  mkdirSync(place, { recursive: true });
  writeFileSync(
    join(place, 'adapter.mjs'),
    `import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
const passOn = new PassThrough();
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const message = JSON.parse(line);
  if (message.method === 'invoke' && message.params.procedure === 'divide') {
    process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id: message.id, error: { code: -32000, message: 'division is not done here' } }) + '\\n');
  } else passOn.write(line + '\\n');
});
lines.on('close', () => passOn.end());
Object.defineProperty(process, 'stdin', { value: passOn });
await import(process.env.REAL);
`,
  );
  writeFileSync(
    join(place, 'implementation.yaml'),
    `name: flawed\ntitle: Flawed\nlanguage: JavaScript\nprotocol: river\nroles: [client]\ncommand: [node, adapter.mjs]\nenv: { REAL: ${JSON.stringify(join(packageRoot(), 'implementations', 'reference-node', 'adapter.mjs'))} }\n`,
  );
  return place;
}
