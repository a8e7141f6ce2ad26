// Serves what is no River server: each connection gets one fixed answer to its upgrade. The argument names which.
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const [kind = 'forbidden'] = process.argv.slice(2);
const accept = (key) => createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
const upgrade = (key, more = '') =>
  `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n${more}\r\n`;
const plain = (status, body) =>
  `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
const answers = {
  forbidden: () => plain('403 Forbidden', 'Invalid Host header'),
  'not-found': () => plain('404 Not Found', 'no such path'),
  'ok-200': () => plain('200 OK', 'this is a web page'),
  'wrong-accept': () => upgrade('AAAA'),
  'unasked-protocol': (key) => upgrade(accept(key), 'Sec-WebSocket-Protocol: river\r\n'),
  closes: () => '',
  masked: (key) => Buffer.concat([Buffer.from(upgrade(accept(key))), Buffer.from([0x82, 0x81, 1, 2, 3, 4, 5])]),
  tls: () => Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x0a]),
};
const servers = new Map();
const write = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const methods = {
  initialize: () => ({
    control: 1,
    name: 'refuses-upgrades',
    version: '1.0.0',
    language: 'JavaScript',
    protocol: 'river',
    roles: ['server'],
    bindings: ['json'],
    features: [],
    concurrency: 8,
  }),
  serve: ({ server }) =>
    new Promise((resolve) => {
      const open = new Set();
      const listener = createServer((socket) => {
        open.add(socket);
        socket.on('error', () => {}).on('close', () => open.delete(socket));
        socket.once('data', (head) => {
          const key = /sec-websocket-key: *(\S+)/i.exec(head.toString('latin1'))?.[1] ?? '';
          const answer = answers[kind](key);
          if (Buffer.from(answer).toString('latin1').startsWith('HTTP/1.1 101')) socket.write(answer);
          else socket.end(answer);
        });
      });
      servers.set(server, () => {
        for (const socket of open) socket.destroy();
        listener.close();
      });
      listener.listen(0, '127.0.0.1', () => resolve({ url: `ws://127.0.0.1:${listener.address().port}` }));
    }),
  stop: ({ server }) => {
    servers.get(server)?.();
    return {};
  },
  shutdown: () => ({}),
};
createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const { id, method, params } = JSON.parse(line);
    write({ id, result: await methods[method](params) });
  })
  .on('close', () => process.exit(0));
