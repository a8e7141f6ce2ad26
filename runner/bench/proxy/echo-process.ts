import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { answerParent } from './ports.ts';

/** A process of its own with a WebSocket server that sends every message back; tells its parent the port. */
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false, maxPayload: 256 * 1024 * 1024 });
server.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
server.on('listening', () => process.send?.((server.address() as AddressInfo).port));
answerParent();
