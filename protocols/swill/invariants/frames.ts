import { isPlainObject } from '../../common/value.ts';
import { frameInvariant } from './judging.ts';

/** Frames are whole, of their sender's types, and carry nil where they say nothing. */
export const frames = frameInvariant(
  'frames',
  [
    ...(['SWILL-CONN-11', 'SWILL-WIRE-01', 'SWILL-WIRE-02', 'SWILL-WIRE-04', 'SWILL-WIRE-06', 'SWILL-META-01'] as const),
    ...(['SWILL-ERR-01', 'SWILL-CLOSE-01', 'SWILL-SEQ-02'] as const),
  ],
  (check) => ({
    broken: (error, { n, role }) => {
      check(false, 'SWILL-CONN-11', role, () => `it sent what is no frame: ${error}`, [n]);
    },
    sent: (frame, { n, role }) => {
      check(true, 'SWILL-CONN-11', role);
      check(frame.elements <= 5, role === 'client' ? 'SWILL-WIRE-01' : 'SWILL-WIRE-02', role, () => `${frame.elements} elements`, [n]);
      const { type, data } = frame;
      if (type === 'END_OF_STREAM' || type === 'METADATA' || type === 'CLOSE') {
        check(data === null, 'SWILL-WIRE-06', role, () => `${type} carries data`, [n]);
      }
      if (frame.from === 'client') {
        if (type === 'CLOSE') check(data === null, 'SWILL-CLOSE-01', role, () => 'CLOSE carries data', [n]);
        check(frame.seq !== 0, 'SWILL-SEQ-02', role, () => 'a request with the seq 0', [n]);
        if (frame.metadata !== null) check(true, 'SWILL-META-01', role);
        return;
      }
      check(true, 'SWILL-WIRE-04', role);
      if (frame.leading !== null || frame.trailing !== null) check(true, 'SWILL-META-01', role);
      if (type !== 'ERROR') return;
      const isError = isPlainObject(data) && Number.isInteger(data['code']) && typeof data['message'] === 'string';
      check(isError, 'SWILL-ERR-01', role, () => 'the data of the ERROR is no map with an integer code and a text message', [n]);
    },
  }),
);
