// What a hostile client of testing/hostile.mjs sends on a connection of its own, beside the good one, in its guilty case, and what a hostile
// server sends to whoever dials it: too much in one frame, or too many. Imported by it.
import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';

const MIB = 1024 * 1024;
const opcodes = { continuation: 0, binary: 2, ping: 9 };

/** A frame as a client sends it, its mask all zeros, or as a server does, without a mask. */
const frame = (opcode, payload, fin = true, masked = true) => {
  const { length } = payload;
  const head = Buffer.alloc((masked ? 4 : 0) + (length < 126 ? 2 : length < 65_536 ? 4 : 10));
  head[0] = (fin ? 0x80 : 0) | opcode;
  head[1] = (masked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (length >= 65_536) head.writeBigUInt64BE(BigInt(length), 2);
  else if (length >= 126) head.writeUInt16BE(length, 2);
  return Buffer.concat([head, payload]);
};
const binary = (payload, masked) => frame(opcodes.binary, Buffer.from(payload), true, masked);
const empty = Buffer.alloc(0);
const many = (one) => Buffer.concat(Array.from({ length: Math.ceil((256 * 1024) / one.length) }, () => one));

/** One frame each. */
const frames = {
  'deep-msgpack': (masked) => binary(Buffer.alloc(20 * MIB, 0x91), masked),
  'deep-json': (masked) => binary(Buffer.alloc(20 * MIB, '['), masked),
  'wide-msgpack': (masked) => binary(Buffer.concat([Buffer.from([0xdd, 0x01, 0x40, 0, 0]), Buffer.alloc(20 * MIB, 0x90)]), masked),
  'wide-json': (masked) => binary(Buffer.concat([Buffer.from('['), Buffer.alloc(40 * MIB, '0,'), Buffer.from('0]')]), masked),
  'keys-json': (masked) => binary(JSON.stringify(Object.fromEntries(Array.from({ length: 2_000_000 }, (_, i) => [`k${i}`, i]))), masked),
  'bigint-json': (masked) => binary(JSON.stringify({ a: { $b: '9'.repeat(3_000_000) } }), masked),
};

/** One block each, that is sent again and again for as long as there is somebody to send it to. */
const floods = {
  pings: (masked) => many(frame(opcodes.ping, empty, true, masked)),
  'small-frames': (masked) => many(binary([0x80], masked)),
  fragments: (masked) => many(frame(opcodes.continuation, empty, false, masked)),
};

/** Names of all attacks. */
export const wireAttacks = [...Object.keys(frames), ...Object.keys(floods), 'connections'];

/** Names of those that a server can carry out, too. */
export const serverAttacks = [...Object.keys(frames), ...Object.keys(floods)];

/** Carries out an attack on the server at a ws:// URL. */
export function attackOnWire(name, url) {
  const { hostname, port } = new URL(url);
  const dial = (then) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => {
      socket.write(
        `GET / HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      );
      socket.once('data', () => then(socket));
    });
    socket.on('error', () => {});
    return socket;
  };
  if (name === 'connections') {
    const again = () => dial((socket) => socket.destroy()).on('close', (hadError) => setTimeout(again, hadError ? 10 : 0));
    for (let i = 0; i < 8; i += 1) again();
  } else if (name in frames) {
    dial((socket) => socket.write(frames[name](true)));
  } else dial((socket) => flood(socket, name, true));
}

function flood(socket, name, masked) {
  const block = floods[name](masked);
  if (name === 'fragments') socket.write(frame(opcodes.binary, empty, false, masked));
  const more = () => socket.write(block, (error) => error ?? more());
  more();
  more();
}

/** Starts a server that does this to whoever dials it, and nothing else; gives its URL. */
export async function attackingServer(name) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    let head = '';
    const read = (chunk) => {
      head += chunk.toString('latin1');
      const key = /^sec-websocket-key: *(.*)\r$/im.exec(head)?.[1];
      if (!head.includes('\r\n\r\n') || key === undefined) return;
      socket.off('data', read).resume();
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      if (name in frames) socket.write(frames[name](false));
      else flood(socket, name, false);
    };
    socket.on('data', read);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `ws://127.0.0.1:${server.address().port}`;
}
