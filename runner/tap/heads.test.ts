import { expect, test } from 'vitest';
import { heapInUse } from '../../protocols/common/testing/heap.ts';
import { connect } from '../../protocols/connect/protocol.ts';
import { createRecorder } from '../worlds/recorder.ts';
import { recordCalls } from './testing/endless-http.ts';

const MIB = 1024 * 1024;

test('calls by HTTP that are on disk take next to no memory, and are read by their heads still', () => {
  const limits = { events: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY, inMemory: MIB, onDisk: 1024 * MIB, remembered: 256 };
  const recorder = createRecorder(connect, 'json', () => 0, limits);
  recordCalls(recorder, 2000);
  const before = heapInUse();
  recordCalls(recorder, 8000, 1000, 2);
  expect(heapInUse() - before).toBeLessThan(2 * MIB);
  expect(recorder.first).toBe(0);
  const messages = [...recorder.trace.slice(0, 2000)].filter(({ type }) => type === 'sent' || type === 'delivered');
  expect(messages.length).toBeGreaterThan(1900);
  for (const event of messages) expect(event).toMatchObject({ decoded: { ok: true } });
  recorder.close();
});
