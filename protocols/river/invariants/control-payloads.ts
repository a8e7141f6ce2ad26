import { isPlainObject, sameValue } from '../../common/value.ts';
import { CLOSED, HEARTBEAT_STREAM, REHANDSHAKE_STREAM } from '../message.ts';
import { isCloseControl, isHeartbeat } from '../validate.ts';
import { endInvariant } from './judging.ts';
import { speaksOldVersion } from './old-version.ts';

/** A closing message without data carries exactly `{type: "CLOSE"}`, and that payload never comes without the bit (RIVER-MSG-12). */
export const controlPayloads = endInvariant('control-payloads', ['RIVER-MSG-12'], ['client', 'server'], (role, _facts, check) => ({
  sending: ({ event, message, session, fresh }) => {
    const { payload, controlFlags, streamId } = message;
    if (!fresh || speaksOldVersion(session) || isHeartbeat(message)) return;
    if (streamId === HEARTBEAT_STREAM || streamId === REHANDSHAKE_STREAM) return;
    const closed = (controlFlags & CLOSED) !== 0;
    if (isCloseControl(payload)) {
      check(closed, 'RIVER-MSG-12', role, () => 'a close control message without the closed bit', [event.n]);
      check(sameValue(payload, { type: 'CLOSE' }), 'RIVER-MSG-12', role, () => 'a close control message is exactly {type: CLOSE}', [
        event.n,
      ]);
    } else if (controlFlags === CLOSED && role === 'client') {
      // A last request may carry the bit itself; a payload that no request of a typed procedure can be is a wrong CLOSE.
      const lone = isPlainObject(payload) && Object.keys(payload).length === 1 && typeof payload['type'] === 'string';
      check(isPlainObject(payload) && !lone, 'RIVER-MSG-12', role, () => 'a closing message without data must carry {type: CLOSE}', [
        event.n,
      ]);
    }
  },
}));
