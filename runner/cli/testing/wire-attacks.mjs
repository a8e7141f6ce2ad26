// What a hostile client of testing/hostile.mjs sends on a connection of its own, beside the good one, in its guilty case: too much
// in one frame, or too many. Imported by it; each takes a way to write raw bytes that says when more may be written.
import { connect } from 'node:net';

const MIB = 1024 * 1024;
const opcodes = { continuation: 0, binary: 2, ping: 9 };

/** A frame as a client sends it, its mask all zeros. */
const frame = (opcode, payload, fin = true) => {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 6 : length < 65_536 ? 8 : 14);
  head[0] = (fin ? 0x80 : 0) | opcode;
  head[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (length >= 65_536) head.writeBigUInt64BE(BigInt(length), 2);
  else if (length >= 126) head.writeUInt16BE(length, 2);
  return Buffer.concat([head, payload]);
};
const binary = (payload) => frame(opcodes.binary, Buffer.from(payload));
const empty = Buffer.alloc(0);
const many = (one) => Buffer.concat(Array.from({ length: Math.ceil((256 * 1024) / one.length) }, () => one));

/** One frame each. */
const frames = {
  'deep-msgpack': () => binary(Buffer.alloc(20 * MIB, 0x91)),
  'deep-json': () => binary(Buffer.alloc(20 * MIB, '[')),
  'wide-msgpack': () => binary(Buffer.concat([Buffer.from([0xdd, 0x01, 0x40, 0, 0]), Buffer.alloc(20 * MIB, 0x90)])),
  'wide-json': () => binary(Buffer.concat([Buffer.from('['), Buffer.alloc(40 * MIB, '0,'), Buffer.from('0]')])),
  'keys-json': () => binary(JSON.stringify(Object.fromEntries(Array.from({ length: 2_000_000 }, (_, i) => [`k${i}`, i])))),
  'bigint-json': () => binary(JSON.stringify({ a: { $b: '9'.repeat(3_000_000) } })),
};

/** One block each, that is sent again and again for as long as there is somebody to send it to. */
const floods = {
  pings: () => many(frame(opcodes.ping, empty)),
  'small-frames': () => many(binary([0x80])),
  fragments: () => many(frame(opcodes.continuation, empty, false)),
};

/** Names of all attacks. */
export const wireAttacks = [...Object.keys(frames), ...Object.keys(floods), 'connections'];

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
    dial((socket) => socket.write(frames[name]()));
  } else {
    const block = floods[name]();
    dial((socket) => {
      if (name === 'fragments') socket.write(frame(opcodes.binary, empty, false));
      const more = () => socket.write(block, (error) => error ?? more());
      more();
      more();
    });
  }
}
