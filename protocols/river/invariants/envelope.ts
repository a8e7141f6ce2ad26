import { eventInvariant } from './judging.ts';

/** Which rule an unreadable envelope breaks, by the first word of what is wrong with it. */
const special: Readonly<Record<string, string>> = {
  serviceName: 'RIVER-MSG-02',
  procedureName: 'RIVER-MSG-02',
  tracing: 'RIVER-MSG-16',
  payload: 'RIVER-MSG-18',
};

/**
 * Every message is a complete, well-typed envelope (RIVER-MSG-01); optional members are left out rather than null
 * (RIVER-MSG-02); tracing is whole (RIVER-MSG-16); the payload key is there (RIVER-MSG-18). Text frames belong to
 * river/binary-frames.
 */
export const envelope = eventInvariant('envelope', ['RIVER-MSG-01', 'RIVER-MSG-02', 'RIVER-MSG-16', 'RIVER-MSG-18'], (_facts, check) => ({
  observe: (event) => {
    if (event.type !== 'sent' || event.decoded === undefined || (event.frame.kind === 'message' && event.frame.text)) return;
    const { decoded, from, n } = event;
    if (!decoded.ok) {
      const requirement = special[decoded.error.split(' ')[0] ?? ''] ?? 'RIVER-MSG-01';
      check(false, requirement, from, () => `a frame that is no valid message: ${decoded.error}`, [n]);
      return;
    }
    check(true, 'RIVER-MSG-01', from);
    check(true, 'RIVER-MSG-02', from);
    check(true, 'RIVER-MSG-18', from);
    if (decoded.message.tracing !== undefined) check(true, 'RIVER-MSG-16', from);
  },
}));
