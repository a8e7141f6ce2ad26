import { isPlainObject } from '../../common/value.ts';
import { CANCEL, UNEXPECTED_DISCONNECT } from '../message.ts';
import { endInvariant } from './judging.ts';
import { isOnStream } from './stream-tables.ts';

/**
 * Errors on the wire: INVALID_REQUEST and UNCAUGHT_ERROR travel with the cancel bit (RIVER-ERR-01, RIVER-ERR-14) and
 * say something; every error has a string code and message (RIVER-ERR-16); UNEXPECTED_DISCONNECT never travels
 * (RIVER-ERR-17).
 */
export const errors = endInvariant(
  'errors',
  ['RIVER-ERR-01', 'RIVER-ERR-14', 'RIVER-ERR-16', 'RIVER-ERR-17'],
  ['client', 'server'],
  (role, _facts, check) => ({
    sending: ({ event, message, session, fresh }) => {
      if (!fresh || session.murky || !isOnStream(message)) return;
      const cancels = (message.controlFlags & CANCEL) !== 0;
      // What a client sends without the cancel bit is the application's own value, whatever it looks like.
      if (role === 'client' && !cancels) return;
      const n = [event.n];
      const { payload } = message;
      if (!isPlainObject(payload) || payload['ok'] !== false) {
        check(true, 'RIVER-ERR-17', role);
        return;
      }
      const error = payload['payload'];
      const { code, message: text } = isPlainObject(error) ? error : {};
      const strings = typeof code === 'string' && typeof text === 'string';
      check(strings, 'RIVER-ERR-16', role, () => 'an error has a string code and a string message', n);
      const local = () => 'UNEXPECTED_DISCONNECT is made locally when a session dies; it is never sent';
      check(code !== UNEXPECTED_DISCONNECT, 'RIVER-ERR-17', role, local, n);
      if (code === 'INVALID_REQUEST') {
        const what = () => 'INVALID_REQUEST travels with the cancel bit and a message that is not empty';
        check(cancels && text !== '', 'RIVER-ERR-01', role, what, n);
      } else if (code === 'UNCAUGHT_ERROR') {
        check(cancels, 'RIVER-ERR-14', role, () => 'UNCAUGHT_ERROR travels with the cancel bit', n);
      }
    },
  }),
);
