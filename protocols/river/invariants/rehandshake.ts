import { isPlainObject } from '../../common/value.ts';
import { REHANDSHAKE_STREAM } from '../message.ts';
import { isRehandshake } from '../validate.ts';
import { type EndSession, mayBeAccepted } from './end-session.ts';
import { endInvariant } from './judging.ts';

/**
 * Re-handshakes: the server's request (RIVER-REHS-01) and the client's answer (RIVER-REHS-02) in their fixed forms, on
 * the reserved stream alone (RIVER-REHS-03); the client answers only what it was asked in this session (RIVER-REHS-12).
 */
export const rehandshake = endInvariant(
  'rehandshake',
  ['RIVER-REHS-01', 'RIVER-REHS-02', 'RIVER-REHS-03', 'RIVER-REHS-12'],
  ['client', 'server'],
  (role, _facts, check) => {
    const asked = new WeakMap<EndSession, Set<number>>();
    const answers = new WeakMap<EndSession, number>();
    const type = role === 'server' ? 'REHANDSHAKE_REQ' : 'REHANDSHAKE_RESP';
    const form = role === 'server' ? 'RIVER-REHS-01' : 'RIVER-REHS-02';
    return {
      receiving: ({ message, session, fate }) => {
        if (role !== 'client' || !isRehandshake(message) || !mayBeAccepted(fate)) return;
        asked.set(session, (asked.get(session) ?? new Set()).add(message.seq));
      },
      sending: ({ event, message, session, fresh }) => {
        if (!fresh) return;
        const { payload, controlFlags, serviceName, procedureName } = message;
        const n = [event.n];
        const typed = isPlainObject(payload) && payload['type'] === type;
        if (message.streamId !== REHANDSHAKE_STREAM) {
          // A client's application may send a value that looks like an answer; a server's data are results.
          if (role === 'server' && typed) check(false, 'RIVER-REHS-03', role, () => `${type} outside the stream "rehandshake"`, n);
          return;
        }
        const bare = controlFlags === 0 && serviceName === undefined && procedureName === undefined;
        const what = () => `a message on the stream "rehandshake" that is not a bare {type: ${type}} with controlFlags 0`;
        if (check(typed && bare, form, role, what, n)) check(true, 'RIVER-REHS-03', role);
        if (role !== 'client' || session.murky) return;
        const count = (answers.get(session) ?? 0) + 1;
        answers.set(session, count);
        const requests = [...(asked.get(session) ?? [])].filter((seq) => seq < session.acceptedHigh).length;
        const unasked = () => `answer ${count} to re-handshakes, but only ${requests} were asked for in this session`;
        check(count <= requests, 'RIVER-REHS-12', role, unasked, n);
      },
    };
  },
);
