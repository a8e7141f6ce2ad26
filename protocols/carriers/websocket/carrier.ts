import type { Carrier, FaultWord } from '../../common/carrier.ts';
import { WebSocketConversation } from './conversation.ts';
import { encodeFrame } from './framer.ts';

const bytesOf = (lines: readonly string[]): Uint8Array => new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`);

/** An upgrade as clients write it: toxics must find as many bytes as there would be in the real world, or nearly. */
const REQUEST = bytesOf([
  'GET / HTTP/1.1',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Host: 127.0.0.1:40000',
]);

const ANSWER = bytesOf([
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
]);

const faults: Record<Exclude<FaultWord, 'split.at'>, string> = {
  cut: 'the connection ends, before or after a frame',
  'cut.inside': 'half a frame is written, then the connection ends',
  close: 'a close frame with a code, or with none, and the end',
  stall: 'nothing passes any more',
  drop: 'a message or control frame is swallowed',
  duplicate: 'it is delivered twice',
  hold: 'it is kept back',
  reorder: 'two messages change places',
  corrupt: 'a byte of a message is another',
  truncate: 'a message is shorter',
  delay: 'it comes later',
  split: 'a message goes in fragments',
  replace: 'a message says something else',
  inject: 'a message that nobody sent',
  'inject.text': 'a text message that nobody sent',
  refuse: 'a connection is reset, or its upgrade never answered',
  'refuse.http': 'the upgrade is answered with 503',
};

/**
 * WebSocket (RFC 6455) over TCP. A FIN from either side ends both: the orderly end has close frames of its own. Messages may be text
 * or binary; extensions are not negotiated through it.
 */
export const webSocket: Carrier = {
  name: 'websocket',
  scheme: 'ws',
  port: 80,
  kinds: { head: 'opening', message: 'data', close: 'closing', ping: 'upkeep', pong: 'upkeep' },
  faults,
  close: (code, reason) => ({ kind: 'close', class: 'closing', code, reason }),
  segments: false,
  refusal: bytesOf(['HTTP/1.1 503 Service Unavailable', 'Content-Length: 0', 'Connection: close']),
  preamble: { dialler: REQUEST, acceptor: ANSWER },
  converse: (surroundings) => new WebSocketConversation(surroundings),
  encode: (frame, from, parts, random) => encodeFrame(frame, { mask: from === 'dialler' ? maskOf(random) : undefined, fragments: parts }),
};

function maskOf(random: () => number): Uint8Array {
  return Uint8Array.from({ length: 4 }, () => Math.floor(random() * 256));
}
