import { type DeframedItem, WebSocketDeframer } from '../../../protocols/carriers/websocket/deframer.ts';
import { encodeFrame } from '../../../protocols/carriers/websocket/framer.ts';
import { type CloseFrame, type Frame, type MessageFrame, peerOf, type Role } from '../../../protocols/common/frame.ts';
import type { Toxics } from '../../toxics/toxics.ts';

/** What comes of a connection on its way through toxics. */
export interface ToxicPathEvents {
  /** The upgrade request reached the server. */
  requested(): void;
  /** The answer to it reached the proxy. */
  answered(): void;
  frame(to: Role, frame: Frame): void;
  /** The connection is closed toward that end. Once for each. */
  ended(end: Role, how: 'fin' | 'rst'): void;
}

/** One connection between the proxy and the server, in bytes, for toxics count bytes; `client` is the proxy's end. */
export interface ToxicPath {
  /** The server answers the upgrade request. */
  answer(): void;
  frame(from: Role, frame: MessageFrame | CloseFrame): void;
  end(from: Role): void;
}

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

/** No mask is as good as any other, but a client's frame must have one. */
const MASK = new Uint8Array(4);

/** Sends an upgrade request on its way; undefined where the network is down. */
export function startToxicPath(toxics: Toxics, events: ToxicPathEvents): ToxicPath | undefined {
  const deframers: Record<Role, WebSocketDeframer> = { client: new WebSocketDeframer('client'), server: new WebSocketDeframer('server') };
  const conduit = toxics.connect({
    bytes(to, data) {
      for (const item of deframers[peerOf(to)].push(data)) take(to, item);
    },
    closed: events.ended,
  });

  function take(to: Role, item: DeframedItem): void {
    if (item.kind === 'frame') events.frame(to, item.frame);
    else if (item.kind === 'preamble' && to === 'client') events.answered();
    else if (item.kind === 'preamble') events.requested();
  }

  if (conduit === undefined) return undefined;
  conduit.push('client', REQUEST);
  return {
    answer: () => conduit.push('server', ANSWER),
    frame: (from, frame) => conduit.push(from, encodeFrame(frame, { mask: from === 'client' ? MASK : undefined })),
    end: (from) => conduit.end(from),
  };
}
