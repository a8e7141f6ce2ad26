import { describe, expect, it } from 'vitest';
import { concatenate } from '../../common/byte-queue.ts';
import type { WireItem } from '../../common/carrier.ts';
import type { Frame } from '../../common/frame.ts';
import { acceptOf } from './accept-key.ts';
import { WebSocketConversation } from './conversation.ts';
import { encodeFrame } from './framer.ts';

const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const request = Buffer.from(
  `GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
);
const answer = Buffer.from(
  `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`,
);

function begun(): WebSocketConversation {
  const conversation = new WebSocketConversation({ authority: 'a', seen: 'b' });
  conversation.push('dialler', request);
  return conversation;
}

const problemsOf = (items: readonly WireItem[]): string[] => items.flatMap((item) => (item.kind === 'problem' ? [item.problem.text] : []));
const framesOf = (items: readonly WireItem[]): Frame[] => items.flatMap((item) => (item.kind === 'frame' ? [item.frame] : []));
const rawOf = (items: readonly WireItem[]): Uint8Array => concatenate(items.flatMap((item) => ('raw' in item ? item.raw : [])));

const close = (code: number | undefined): Frame => ({ kind: 'close', class: 'closing', code, reason: '' });
const text = (...data: number[]): Frame => ({ kind: 'message', class: 'data', text: true, data: Uint8Array.from(data) });
/** encodeFrame refuses what may not be sent. */
const closeBytes = (code: number): Uint8Array => Uint8Array.of(0x88, 2, code >> 8, code & 255);

describe('a frame that can be read', () => {
  it.each([0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535])('is a problem of who sent it where it is a close with %d', (code) => {
    const conversation = begun();
    conversation.push('acceptor', answer);
    const items = conversation.push('acceptor', closeBytes(code));
    expect(problemsOf(items)).toEqual([`sent a close frame with the code ${code}, which is none that may be sent`]);
    expect(framesOf(items)).toEqual([close(code)]);
  });

  it.each([1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999])('is none where it is a close with %d', (code) => {
    const conversation = begun();
    conversation.push('acceptor', answer);
    expect(problemsOf(conversation.push('acceptor', closeBytes(code)))).toEqual([]);
    expect(
      problemsOf(begun().push('acceptor', concatenate([answer, encodeFrame(close(undefined), { mask: undefined, fragments: 1 })]))),
    ).toEqual([]);
  });

  it.each([1, 2, 3])('is a problem where it is a text that is not UTF-8, in %d fragments', (fragments) => {
    const bytes = concatenate([answer, encodeFrame(text(0xc3, 0x28), { mask: undefined, fragments })]);
    expect(problemsOf(begun().push('acceptor', bytes))).toEqual(['sent a text message that is not UTF-8']);
  });

  it('is none where fragments cut a character, or where bytes are no text', () => {
    const frames = [text(0xe2, 0x82, 0xac), { kind: 'message', class: 'data', text: false, data: Uint8Array.of(0xff) } as const];
    const bytes = concatenate([answer, ...frames.map((frame) => encodeFrame(frame, { mask: undefined, fragments: 3 }))]);
    expect(problemsOf(begun().push('acceptor', bytes))).toEqual([]);
  });
});

describe('an answer that announces another one', () => {
  const hints = Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n');

  it.each([1, 7, 1000])('passes, and the next one is read, in chunks of %d', (size) => {
    const frame = text(0x61);
    const bytes = concatenate([hints, hints, answer, encodeFrame(frame, { mask: undefined, fragments: 1 })]);
    const conversation = begun();
    const items: WireItem[] = [];
    for (let at = 0; at < bytes.length; at += size) items.push(...conversation.push('acceptor', bytes.subarray(at, at + size)));
    expect(problemsOf(items)).toEqual([]);
    expect(framesOf(items)).toEqual([frame]);
    expect(rawOf(items)).toEqual(bytes);
  });

  it('is not the refusal that follows it', () => {
    const refusal = Buffer.from('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
    expect(problemsOf(begun().push('acceptor', concatenate([hints, refusal])))).toEqual([
      'answered the upgrade with HTTP 403 Forbidden: no',
    ]);
  });
});

it('what is no frame is its sender’s alone, whatever the other end did', () => {
  const conversation = begun();
  const [problem] = conversation.push('acceptor', concatenate([answer, Uint8Array.of(0x83, 0)])).filter((item) => item.kind === 'problem');
  expect(problem).toMatchObject({ from: 'acceptor', problem: { kind: 'broken-frame', own: true } });
});
