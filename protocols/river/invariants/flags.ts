import { show } from '../../common/show.ts';
import { sameValue } from '../../common/value.ts';
import { ACK, CANCEL, CLOSED, OPEN } from '../message.ts';
import { isProtocolError } from '../validate.ts';
import { endInvariant } from './judging.ts';
import { speaksOldVersion } from './old-version.ts';

const KNOWN_BITS = ACK | OPEN | CANCEL | CLOSED;

/**
 * Control flags: no unknown bits (RIVER-MSG-06); the ack bit alone on a heartbeat in its fixed form (RIVER-MSG-07); the
 * cancel bit alone on a protocol error (RIVER-MSG-13); the open bit never from a server (RIVER-MSG-09).
 */
export const flags = endInvariant(
  'flags',
  ['RIVER-MSG-06', 'RIVER-MSG-07', 'RIVER-MSG-09', 'RIVER-MSG-13'],
  ['client', 'server'],
  (role, _facts, check) => ({
    sending: ({ event, message, session, fresh }) => {
      if (!fresh || speaksOldVersion(session)) return;
      const { controlFlags, payload, serviceName, procedureName } = message;
      const n = [event.n];
      const unknown = () => `controlFlags ${controlFlags} has bits that River does not know`;
      check((controlFlags & ~KNOWN_BITS) === 0, 'RIVER-MSG-06', role, unknown, n);
      if (role === 'server') {
        check((controlFlags & OPEN) === 0, 'RIVER-MSG-09', role, () => 'a server message with the open bit; servers start no streams', n);
      }
      if ((controlFlags & ACK) !== 0) {
        const pure = controlFlags === ACK && sameValue(payload, { type: 'ACK' });
        const named = serviceName !== undefined || procedureName !== undefined;
        const seen = () =>
          `flags ${controlFlags}, payload ${show(payload)}, ${named ? `names ${show([serviceName, procedureName])}` : 'no names'}`;
        const what = () =>
          `a message with the ack bit must be a bare heartbeat: expected flags 1, payload {"type":"ACK"}, no names; seen ${seen()}`;
        check(pure && !named, 'RIVER-MSG-07', role, what, n);
      } else if ((controlFlags & CANCEL) !== 0) {
        check(controlFlags === CANCEL, 'RIVER-MSG-13', role, () => `a cancel with controlFlags ${controlFlags}; the bit stands alone`, n);
        const error = isProtocolError(payload) && (role === 'server' || payload.payload.code === 'CANCEL');
        const what = () => `the payload of a cancel must be an error result with ${role === 'server' ? 'a reserved code' : 'code CANCEL'}`;
        check(error, 'RIVER-MSG-13', role, what, n);
      }
    },
  }),
);
