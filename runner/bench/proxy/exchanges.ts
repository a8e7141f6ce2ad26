import type { Size } from './traffic.ts';

/** A request as it stands on the wire, and what answers it. */
export interface Exchange {
  readonly request: Buffer;
  readonly answer: Buffer;
}

/** What is exchanged on a carrier. */
export interface Exchanges {
  readonly of: Readonly<Record<Size, Exchange>>;
  /** Connections on which as many as possible are under way. */
  readonly connections: number;
  /** Requests that are under way on each, messages of usual length. */
  readonly window: number;
}

/** Bytes of a message of usual length, and of a large one: some less than a mebibyte, which a frame must hold. */
const SIZES: Readonly<Record<Size, number>> = { message: 180, large: 1024 * 1024 - 1024 };

/** What is exchanged on each carrier whose messages a socket can write as they are, by the name of the carrier. */
export const EXCHANGES: Readonly<Record<string, Exchanges>> = {
  tcp: { of: ofSizes(lengthPrefixed), connections: 1, window: 64 },
  // Who speaks it waits for an answer before it asks again on a connection.
  http: { of: ofSizes(posted), connections: 16, window: 1 },
  resp: { of: ofSizes(echoed), connections: 1, window: 64 },
};

function ofSizes(exchange: (body: Buffer) => Exchange): Exchanges['of'] {
  const made = (size: Size): Exchange => exchange(Buffer.alloc(SIZES[size], 'x'));
  return { message: made('message'), large: made('large') };
}

/** A length of three bytes, and that many. */
function lengthPrefixed(body: Buffer): Exchange {
  const length = Buffer.alloc(3);
  length.writeUIntBE(body.length, 0, 3);
  const frame = Buffer.concat([length, body]);
  return { request: frame, answer: frame };
}

/** A POST and its answer, each with a body of a length that it says. */
function posted(body: Buffer): Exchange {
  const fields = `Content-Type: application/octet-stream\r\nContent-Length: ${body.length}\r\n\r\n`;
  return {
    request: Buffer.concat([Buffer.from(`POST /bench HTTP/1.1\r\nHost: 127.0.0.1\r\n${fields}`), body]),
    answer: Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${fields}`), body]),
  };
}

/** ECHO, and what it gives. */
function echoed(body: Buffer): Exchange {
  const bulk = Buffer.concat([Buffer.from(`$${body.length}\r\n`), body, Buffer.from('\r\n')]);
  return { request: Buffer.concat([Buffer.from('*2\r\n$4\r\nECHO\r\n'), bulk]), answer: bulk };
}
