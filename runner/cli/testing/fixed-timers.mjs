// The good adapter of implementations/reference-node, whose library has these timers (JSON, ms) whatever it is told.
import { PassThrough } from 'node:stream';

const fixed = JSON.parse(process.argv[2]);
const { stdin } = process;
const passOn = new PassThrough();
let rest = '';
stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const { params, ...message } = JSON.parse(line);
    const timers = params?.timers === undefined ? {} : { timers: { ...params.timers, ...fixed } };
    passOn.write(`${JSON.stringify({ ...message, params: { ...params, ...timers } })}\n`);
  }
});
stdin.on('end', () => passOn.end());
Object.defineProperty(process, 'stdin', { value: passOn });
await import(new URL('../../../implementations/reference-node/adapter.mjs', import.meta.url));
