import { expect, test } from 'vitest';
import type { PeerEvents } from '../../protocols/common/control.ts';
import { messageOf } from '../../protocols/common/frame.ts';
import { readFrame } from '../../protocols/swill/decode.ts';
import { Call } from './call.ts';

const nobody: PeerEvents = { status() {}, start() {}, message() {}, end() {}, handler() {}, log() {} };

test.each([
  ['single-single', ['MESSAGE']],
  ['single-stream', ['MESSAGE']],
  ['stream-single', ['MESSAGE', 'END_OF_STREAM']],
  ['stream-stream', ['MESSAGE', 'END_OF_STREAM']],
])('a %s request that is finished sends %j', (kind, types) => {
  const sent: unknown[] = [];
  const call = new Call({ call: 'call', rpc: 'sum', kind, value: 1, metadata: undefined }, nobody);
  call.open(1, (bytes) => {
    const read = readFrame(messageOf(bytes), 'client');
    sent.push(read.ok ? read.message.type : read.error);
  });
  call.finish();
  call.finish();
  expect(sent).toEqual(types);
});
