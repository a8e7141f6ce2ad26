import { isUtf8 } from 'node:buffer';
import { errorName, placeOf } from '../error-codes.ts';
import { frameInvariant } from './judging.ts';

/** ERROR frames: codes where they belong, text that is text. */
export const errors = frameInvariant('errors', ['RSOCKET-ERROR-01', 'RSOCKET-ERROR-02'], (check) => ({
  sent: (frame, { n, role }) => {
    if (frame.type !== 'ERROR') return;
    const place = placeOf(frame.code);
    const here = frame.streamId === 0 ? 'connection' : 'stream';
    check(place === here, 'RSOCKET-ERROR-01', role, () => `${errorName(frame.code)} on stream ${frame.streamId}`, [n]);
    check(isText(frame.data), 'RSOCKET-ERROR-02', role, () => 'the text is no UTF-8, or holds a NUL', [n]);
  },
}));

function isText(bytes: Uint8Array): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}
