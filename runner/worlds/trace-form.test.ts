import { serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { httpCarrier } from '../../protocols/carriers/http/carrier.ts';
import { lengthOf } from '../../protocols/common/byte-queue.ts';
import { latin1Bytes } from '../../protocols/common/latin1.ts';
import type { TraceEvent } from '../../protocols/common/trace.ts';
import { createRecorder } from './recorder.ts';
import { traceForm } from './trace-form.ts';

const MIB = 1024 * 1024;

/** A request with a body of a mebibyte, of which some passed before it was whole, as a relay records it. */
function recorded() {
  const recorder = createRecorder({ decode: () => ({ ok: true, message: {} }) }, '', () => 0);
  const conversation = httpCarrier().converse({ authority: '', seen: '' });
  const head = latin1Bytes(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${MIB.toString(16)}\r\n`);
  for (const bytes of [head, new Uint8Array(MIB).fill(7), latin1Bytes('\r\n0\r\n\r\n')]) {
    for (const item of conversation.push('dialler', bytes)) {
      if (item.kind !== 'frame') continue;
      const { n } = recorder.sent(0, 'client', item.frame);
      recorder.delivered({ connection: 0, to: 'server', of: n, altered: false, frame: item.frame });
    }
    conversation.ahead?.('dialler');
  }
  return [...recorder.trace];
}

/** What an event says, its body as it is asked for. */
function said(event: TraceEvent): unknown {
  if (event.type !== 'sent' && event.type !== 'delivered') return event;
  const { frame } = event;
  return { ...event, frame: frame.class === 'data' ? { ...frame, data: Buffer.from(frame.data) } : frame };
}

test('the body of a frame that its carrier wrote otherwise goes to disk as bytes, once, and comes back with how it was written', () => {
  const events = recorded();
  const form = traceForm(() => ({ ok: true, message: {} }));
  const { plain, bytes } = form.write(events);
  expect(serialize(plain).length).toBeLessThan(16 * 1024);
  expect(lengthOf(bytes)).toBeLessThan(MIB + 1024);
  const whole = Buffer.concat(bytes);
  const back = form.read(structuredClone(plain), () => new Uint8Array(whole), events);
  expect(back.map(said)).toEqual(events.map(said));
  const written = back.flatMap((event) => (event.type === 'sent' && event.frame.class === 'data' ? [event.frame.written?.ahead ?? 0] : []));
  expect(Math.max(...written)).toBeGreaterThan(MIB);
});
