import { FLAG, has, isRequest } from '../frame.ts';
import { frameInvariant } from './judging.ts';
import { StreamBook } from './stream-book.ts';

/** Series of fragments: one after the other on their stream, metadata before data; and items that are items. */
export const fragments = frameInvariant(
  'fragments',
  ['RSOCKET-FRAG-01', 'RSOCKET-FRAG-02', 'RSOCKET-FRAG-09', 'RSOCKET-PAYLOAD-01'],
  (check) => {
    const book = new StreamBook();
    return {
      forget: (past) => book.forget(past),
      received: (frame, where) => book.received(frame, where),
      sent: (frame, where) => {
        const { n, session, role, resent } = where;
        const own = book.find(session, frame.streamId)?.sent[role];
        if (!resent && frame.streamId !== 0) {
          const series = own?.series;
          if (isRequest(frame) && series !== undefined) {
            check(false, 'RSOCKET-FRAG-01', role, () => `${frame.type} inside a series of fragments`, [n, series]);
          }
          if (frame.type === 'PAYLOAD') {
            const said = has(frame, FLAG.NEXT) || has(frame, FLAG.COMPLETE);
            const rule = series === undefined ? 'RSOCKET-PAYLOAD-01' : 'RSOCKET-FRAG-09';
            if (!has(frame, FLAG.FOLLOWS) || said) check(said, rule, role, () => 'PAYLOAD with neither N nor C', [n]);
            if (series !== undefined) {
              check(true, 'RSOCKET-FRAG-01', role);
              const late = frame.metadata !== undefined && own?.data === true;
              check(!late, 'RSOCKET-FRAG-02', role, () => 'metadata behind data in a series of fragments', [n, series]);
            }
          }
        }
        book.sent(frame, where);
      },
    };
  },
);
