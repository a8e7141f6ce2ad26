import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';

/** The adapter: the good one, but for one procedure that versions from `from` on refuse to call. */
function adapter(from: number): string {
  return `import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
const version = process.env.VERSION;
const passOn = new PassThrough();
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (text, ...more) => {
  if (text === '') return write(text, ...more);
  const message = JSON.parse(text);
  if (message.result?.version !== undefined) Object.assign(message.result, { name: 'toy', version });
  return write(JSON.stringify(message) + '\\n', ...more);
};
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const message = JSON.parse(line);
  if (message.method === 'invoke' && message.params.procedure === 'divide' && Number(version?.split(".")[1]) >= ${from}) {
    process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id: message.id, error: { code: -32000, message: 'division is not done here' } }) + '\\n');
  } else passOn.write(line + '\\n');
});
lines.on('close', () => passOn.end());
Object.defineProperty(process, 'stdin', { value: passOn });
await import(process.env.REAL);
`;
}

/** Makes, in a folder, an implementation in so many versions, 0.1 the oldest, that breaks from one of them on; `absent` cannot be started. */
export function versioned(
  place: string,
  { count, from, absent = [] }: { readonly count: number; readonly from: number; readonly absent?: readonly number[] },
): string {
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'adapter.mjs'), adapter(from));
  const columns = Array.from({ length: count }, (_, i) => count - i).map(
    (version) => `  "0.${version}": ${absent.includes(version) ? '{ command: [node, nowhere.mjs] }' : '{}'}\n`,
  );
  writeFileSync(
    join(place, 'implementation.yaml'),
    `name: toy\ntitle: Toy\nlanguage: JavaScript\nprotocol: river\nroles: [client]\nbindings: [json]\ncommand: [node, adapter.mjs]\nenv: { REAL: ${JSON.stringify(join(packageRoot(), 'implementations', 'reference-node', 'adapter.mjs'))}, VERSION: "\${version}" }\nversions:\n${columns.join('')}`,
  );
  return place;
}
