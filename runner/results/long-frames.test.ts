import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { SentEvent } from '../../protocols/common/trace.ts';
import { readEvents } from '../bundles/records.ts';
import { createSecrets } from '../masking/secrets.ts';
import { protocolEntry } from '../registry.ts';
import { recordsOf, traceRecord } from './trace-record.ts';

const protocol = await protocolEntry('river').protocol();

function sent(length: number): SentEvent {
  const frame = protocol.encode({ payload: 'x'.repeat(length) }, 'json');
  return {
    n: 0,
    t: 0,
    type: 'sent',
    connection: 0,
    from: 'client',
    frame,
    decoded: protocol.decode(frame, { binding: 'json', from: 'client', openings: [] }),
  };
}

it('keeps of a very long frame its beginning, its length and its hash', () => {
  const event = sent(8 * 1024 * 1024);
  if (event.frame.class !== 'data') throw new Error('a message was made');
  const { data } = event.frame;
  const record = JSON.parse(JSON.stringify(traceRecord(event, { protocol, binding: 'json', masker: createSecrets().masker })));
  expect(record.frame.length).toBe(data.length);
  expect(record.frame.sha256).toBe(createHash('sha256').update(data).digest('hex'));
  expect(Buffer.from(record.frame.data, 'base64')).toEqual(Buffer.from(data.subarray(0, 65_536)));
  expect(JSON.stringify(record).length).toBeLessThan(200_000);
  expect(() => readEvents([record], protocol, 'json', 'trace')).toThrow(/event 0 of the trace: only the beginning of this frame/);
});

it('keeps a shorter one whole', () => {
  const event = sent(1000);
  const record = JSON.parse(JSON.stringify(traceRecord(event, { protocol, binding: 'json', masker: createSecrets().masker })));
  expect(readEvents([record], protocol, 'json', 'trace')).toEqual([event]);
});

it('keeps of a trace that has enough of them the beginnings of long frames, with nothing secret in them', () => {
  const about = { binding: 'json', from: 'client', openings: [] } as const;
  const frame = protocol.encode({ payload: 'x'.repeat(100_000), metadata: 'the-secret-of-the-run' }, 'json');
  const events = Array.from(
    { length: 10 },
    (_, n): SentEvent => ({ n, t: n, type: 'sent', connection: 0, from: 'client', frame, decoded: protocol.decode(frame, about) }),
  );
  const small: SentEvent = { ...sent(1000), n: 10 };
  const records = JSON.parse(
    JSON.stringify(recordsOf([...events, small], { protocol, binding: 'json', masker: createSecrets().masker }, undefined, 800_000)),
  );
  const whole = records.filter(({ frame }: { frame: { length?: number } }) => frame.length === undefined);
  expect(whole.map(({ n }: { n: number }) => n)).toEqual([...Array(7).keys(), 10]);
  expect(records[8].frame).toMatchObject({ length: frame.class === 'data' ? frame.data.length : 0 });
  expect(Buffer.from(records[8].frame.data, 'base64')).toHaveLength(65_536);
  expect(records[8].summary).toMatch(/, 100\d+ bytes$/);
  expect(JSON.stringify(records)).not.toContain(Buffer.from('the-secret-of-the-run').toString('base64').slice(2, -4));
});
