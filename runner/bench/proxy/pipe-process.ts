import { connect, createServer, type Socket } from 'node:net';
import { answerParent } from './ports.ts';

/**
 * A process of its own that copies bytes and looks at none of them, the least that can stand between two ends in Node; arguments as a tap's has them:
 * protocol, binding, port of the server or of the broker. Tells its parent two ports at which it listens, one for each end that dials a broker.
 */
const [, , behind = ''] = process.argv.slice(2);
process.send?.([await listen(), await listen()]);
answerParent();

function listen(): Promise<number> {
  const listener = createServer({ noDelay: true }, (dialler) => {
    const acceptor = connect({ host: '127.0.0.1', port: Number(behind), noDelay: true });
    copy(dialler, acceptor);
    copy(acceptor, dialler);
  });
  return new Promise((resolve) => {
    listener.listen(0, '127.0.0.1', () => {
      const address = listener.address();
      resolve(address === null || typeof address === 'string' ? 0 : address.port);
    });
  });
}

function copy(from: Socket, to: Socket): void {
  from.on('data', (bytes) => void to.write(bytes));
  from.on('error', () => {});
  from.on('close', () => to.destroy());
}
