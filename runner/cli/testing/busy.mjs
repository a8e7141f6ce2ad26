// The good adapter of implementations/reference-node, which keeps its event loop busy: `first` for that many ms at its first
// connect, as an import would; `sends` for that many ms at each send. `deaf-to-pings` ends at a ping, as one may that does not know it.
import { PassThrough } from 'node:stream';

const [kind, ms = '0'] = process.argv.slice(2);
const busy = (forMs) => {
  const end = performance.now() + forMs;
  while (performance.now() < end);
};
const { stdin } = process;
const passOn = new PassThrough();
let first = true;
let rest = '';
stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const { method } = JSON.parse(line);
    if (kind === 'deaf-to-pings' && method === 'ping') process.exit(3);
    if (kind === 'sends' && method === 'send') busy(Number(ms));
    passOn.write(`${line}\n`);
    // The client is made, and loads what it needs when it dials.
    if (kind === 'first' && method === 'invoke' && first) {
      first = false;
      setImmediate(() => busy(Number(ms)));
    }
  }
});
stdin.on('end', () => passOn.end());
Object.defineProperty(process, 'stdin', { value: passOn });
await import(new URL('../../../implementations/reference-node/adapter.mjs', import.meta.url));
