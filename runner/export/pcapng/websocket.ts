import { acceptOf } from '../../../protocols/carriers/websocket/accept-key.ts';
import { encodeFrame } from '../../../protocols/carriers/websocket/framer.ts';
import type { CarrierProblem } from '../../../protocols/common/carrier.ts';
import type { CarrierBytes, Piece } from './carrier.ts';

/** The key of every upgrade: a trace does not hold the one that was sent. */
const KEY = Buffer.from('weir export.....').toString('base64');

/** Leaves the payload as it is, so that it can be searched for in the bytes too. The key that was sent is not in the trace. */
const MASK = new Uint8Array(4);

/** WebSocket (RFC 6455): the upgrade, then frames, those of a client masked. */
export const websocketBytes: CarrierBytes = {
  port: 80,
  preamble(authority, problem) {
    if (problem?.kind === 'no-http' || problem?.kind === 'tls') return problem.detail === 'client' ? [] : [request(authority)];
    const answer = answerTo(problem);
    return answer === undefined ? [request(authority)] : [request(authority), answer];
  },
  writer(from) {
    const mask = from === 'client' ? MASK : undefined;
    return (frame) => encodeFrame(frame, { mask });
  },
};

function request(authority: string): Piece {
  const fields = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Key: ${KEY}`, 'Sec-WebSocket-Version: 13'];
  return { from: 'client', bytes: head(['GET / HTTP/1.1', `Host: ${authority}`, ...fields]) };
}

function answerTo(problem: CarrierProblem | undefined): Piece | undefined {
  if (problem?.kind === 'closed-unanswered') return undefined;
  if (problem?.kind === 'upgrade-refused') {
    const status = /^\d{3}$/.test(problem.detail) ? problem.detail : '400';
    return { from: 'server', bytes: head([`HTTP/1.1 ${status} Refused`, 'Content-Length: 0']) };
  }
  const fields = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${acceptOf(KEY)}`];
  return { from: 'server', bytes: head(['HTTP/1.1 101 Switching Protocols', ...fields]) };
}

function head(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`);
}
