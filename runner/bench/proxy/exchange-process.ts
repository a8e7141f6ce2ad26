import { type AddressInfo, createServer } from 'node:net';
import { EXCHANGES, type Exchange } from './exchanges.ts';
import { answerParent } from './ports.ts';

/** A process of its own with a server that answers what is exchanged on a carrier; argument: its name. Tells its parent the port. */
const [carrier = ''] = process.argv.slice(2);
const exchanges = EXCHANGES[carrier];
if (exchanges === undefined) throw new Error(`nothing is exchanged on ${carrier}`);
const all = Object.values(exchanges.of);
/** Bytes by which requests are told apart: their lengths stand there. */
const HEAD = 128;

const server = createServer({ noDelay: true }, (socket) => {
  let exchange: Exchange | undefined;
  let first = Buffer.alloc(0);
  let taken = 0;
  socket.on('data', (chunk) => {
    taken += chunk.length;
    if (exchange === undefined) {
      first = Buffer.concat([first, chunk]);
      if (first.length < HEAD) return;
      const begun = first.subarray(0, HEAD);
      exchange = all.find(({ request }) => request.subarray(0, HEAD).equals(begun));
      if (exchange === undefined) throw new Error('what came is no request');
    }
    // A connection has requests of one size.
    for (; taken >= exchange.request.length; taken -= exchange.request.length) socket.write(exchange.answer);
  });
  // Who has measured leaves as it likes.
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
answerParent();
