// The good adapter of implementations/reference-node: right alone, and something else as soon as two clients live at once:
// `changed` adds one to a `result`, `lost` tells nothing that a client reads, nor its end, `late` tells it two seconds later.
import { PassThrough } from 'node:stream';

const [kind = 'changed'] = process.argv.slice(2);
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
  const isRead = message.method === 'message' || message.method === 'end';
  if (live.size > 1 && isRead && kind === 'lost') return say('');
  if (live.size > 1 && isRead && kind === 'late') return void setTimeout(() => say(text, ...more), 2000);
  const value = message.method === 'message' && message.params.result.ok ? message.params.result.value : undefined;
  if (live.size > 1 && typeof value?.result === 'number' && kind === 'changed') value.result += 1;
  return say(`${JSON.stringify(message)}\n`, ...more);
};
if (kind !== 'changed') process.stderr.write('a task was collected\n');
await import('../../../implementations/reference-node/adapter.mjs');
