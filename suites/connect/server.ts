import { acceptOf } from '../../protocols/common/protocol.ts';
import { connectCarrier } from '../../protocols/connect/carrier.ts';
import { serverOf } from '../../reference-server/connect/index.ts';
import { startClock } from '../../runner/worlds/real/clock.ts';
import { linksOf } from '../../runner/worlds/real/links.ts';
import { framed, readFramed, suiteMessages } from './messages.ts';
import { conformanceService } from './service.ts';

// The reference server as a server under test of the official suite: reads one ServerCompatRequest on stdin, says where it listens on
// stdout, and serves until it is ended. `node server.js <descriptors>`.

const messages = suiteMessages(process.argv[2] ?? '');
const silence = { start() {}, message() {}, end() {}, status() {}, handler() {}, log() {} };
const server = serverOf(conformanceService(messages))(startClock(1), silence);
const kept = { bytes: Buffer.alloc(0) };
process.stdin.on('data', (chunk: Buffer) => {
  readFramed(chunk, kept, (request) => {
    const { messageReceiveLimit } = messages.read('ServerCompatRequest', request);
    const limit = Number(messageReceiveLimit ?? 0);
    const options = limit > 0 ? { readMaxBytes: limit } : {};
    // What a call sends decides about compression, so the server is ready for it.
    const accept = acceptOf(server.serve({ server: 'main', binding: 'proto-gzip', serverId: '', timers: {}, options }));
    void linksOf(connectCarrier)
      .listen(accept)
      .then(({ url }) => {
        const { hostname, port } = new URL(url);
        process.stdout.write(framed(messages.write('ServerCompatResponse', { host: hostname, port: Number(port) })));
      });
  });
});
