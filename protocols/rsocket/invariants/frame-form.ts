import { DEFINED_FLAGS, FLAG, has, isRequest, type RSocketFrame } from '../frame.ts';
import { frameInvariant } from './judging.ts';

/** Types that belong to the connection, and those that belong to streams (RSOCKET-STREAMID-03). */
const ofConnection = new Set<RSocketFrame['type']>(['SETUP', 'LEASE', 'KEEPALIVE', 'METADATA_PUSH', 'RESUME', 'RESUME_OK']);
const ofStreams = new Set<RSocketFrame['type']>([
  ...(['REQUEST_RESPONSE', 'REQUEST_FNF', 'REQUEST_STREAM', 'REQUEST_CHANNEL', 'REQUEST_N', 'CANCEL', 'PAYLOAD'] as const),
]);

/** The form of single frames: bits that are reserved, flags, ids, sizes, lengths. */
export const frameForm = frameInvariant(
  'frame-form',
  [
    ...['RSOCKET-FRAME-01', 'RSOCKET-FRAME-02', 'RSOCKET-FRAME-03', 'RSOCKET-FRAME-06', 'RSOCKET-FRAME-07', 'RSOCKET-FRAME-10'],
    ...['RSOCKET-FRAME-15', 'RSOCKET-STREAMID-03', 'RSOCKET-MPUSH-01', 'RSOCKET-RS-01', 'RSOCKET-RS-07'],
  ],
  (check, facts) => ({
    broken: (error, { n, role, event, length }) => {
      const { frame } = event;
      const data = frame.class === 'data' ? frame.data : new Uint8Array();
      const prefix = data.length >= 3 ? ((data[0] ?? 0) << 16) | ((data[1] ?? 0) << 8) | (data[2] ?? 0) : -1;
      const doubled = length > 3 && prefix === length - 3;
      const carriage = facts.binding === 'tcp' ? 'RSOCKET-FRAME-01' : 'RSOCKET-FRAME-02';
      if (frame.class === 'data' && frame.text) check(false, 'RSOCKET-FRAME-02', role, () => 'a text message is no frame', [n]);
      else if (doubled) check(false, carriage, role, () => 'a length stands inside of the frame', [n]);
      else if (/metadata/.test(error)) check(false, 'RSOCKET-FRAME-10', role, () => error, [n]);
      else if (/at most/.test(error)) check(false, 'RSOCKET-FRAME-03', role, () => error, [n]);
      else check(false, 'RSOCKET-FRAME-06', role, () => error, [n]);
    },
    sent: (frame, { n, role, length }) => {
      const { type, streamId, reserved } = frame;
      check(true, facts.binding === 'tcp' ? 'RSOCKET-FRAME-01' : 'RSOCKET-FRAME-02', role);
      check(length <= 0xff_ff_ff, 'RSOCKET-FRAME-03', role, () => `a frame of ${length} bytes`, [n]);
      check(type !== 'UNKNOWN', 'RSOCKET-FRAME-06', role, () => 'a type that the table of frame types does not have', [n]);
      check(!reserved.includes('streamId'), 'RSOCKET-FRAME-06', role, () => 'the reserved bit before the stream id is set', [n]);
      if (type === 'UNKNOWN') return;
      const odd = frame.flags & ~(DEFINED_FLAGS[type] | FLAG.IGNORE);
      check(odd === 0, 'RSOCKET-FRAME-07', role, () => `flags 0x${odd.toString(16)}, which ${type} does not define`, [n]);
      if (frame.metadata !== undefined) check(true, 'RSOCKET-FRAME-10', role);
      if (type === 'EXT') check(frame.extendedType > 0, 'RSOCKET-FRAME-15', role, () => 'an extended type of 0', [n]);
      if (ofConnection.has(type)) check(streamId === 0, 'RSOCKET-STREAMID-03', role, () => `${type} on stream ${streamId}`, [n]);
      if (ofStreams.has(type)) check(streamId !== 0, 'RSOCKET-STREAMID-03', role, () => `${type} on stream 0`, [n]);
      if (type === 'METADATA_PUSH')
        check(has(frame, FLAG.METADATA), 'RSOCKET-MPUSH-01', role, () => 'METADATA_PUSH without the flag M', [n]);
      if (isRequest(frame) && 'n' in frame) {
        check(frame.n > 0 && !reserved.includes('n'), 'RSOCKET-RS-01', role, () => `${type} with an initial n of ${frame.n}`, [n]);
      }
      if (type === 'REQUEST_N') {
        check(frame.n > 0 && !reserved.includes('n'), 'RSOCKET-RS-07', role, () => `REQUEST_N of ${frame.n}`, [n]);
      }
    },
  }),
);
