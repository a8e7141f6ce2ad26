// The good adapter of implementations/reference-node, which answers `invoke` of the service `test` only after a while, and
// ignores SIGTERM. Says on stderr when such a call has come.
import { PassThrough } from 'node:stream';

const { stdin } = process;
const passOn = new PassThrough();
process.on('SIGTERM', () => {});
let rest = '';
stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const slow = JSON.parse(line).method === 'invoke';
    setTimeout(() => passOn.write(`${line}\n`), slow ? Number(process.argv[2]) : 0);
  }
});
stdin.on('end', () => passOn.end());
Object.defineProperty(process, 'stdin', { value: passOn });
await import(new URL('../../../implementations/reference-node/adapter.mjs', import.meta.url));
