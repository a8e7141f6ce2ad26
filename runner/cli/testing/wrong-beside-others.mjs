// The good adapter of implementations/reference-node: right alone, one too many as soon as two clients live at once.
import { PassThrough } from 'node:stream';

const live = new Set();
const lines = new PassThrough();
let rest = '';
process.stdin
  .setEncoding('utf8')
  .on('data', (text) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop();
    for (const part of parts) {
      const { method, params } = JSON.parse(part);
      if (method === 'connect') live.add(params.client);
      if (method === 'disconnect') live.delete(params.client);
      lines.write(`${part}\n`);
    }
  })
  .on('end', () => lines.end());
Object.defineProperty(process, 'stdin', { value: lines });
const say = process.stdout.write.bind(process.stdout);
process.stdout.write = (text, ...more) => {
  const message = JSON.parse(String(text));
  const value = message.method === 'message' && message.params.result.ok ? message.params.result.value : undefined;
  if (live.size > 1 && typeof value?.result === 'number') value.result += 1;
  return say(`${JSON.stringify(message)}\n`, ...more);
};
await import('../../../implementations/reference-node/adapter.mjs');
