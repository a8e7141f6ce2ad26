import { eventInvariant } from './judging.ts';

/** The envelope's own, and those of forms that only some receivers refuse (`Decoded.custom`). */
const RULES = ['RIVER-MSG-01', 'RIVER-MSG-02', 'RIVER-MSG-16', 'RIVER-MSG-18', 'RIVER-CODEC-04', 'RIVER-CODEC-10', 'RIVER-CODEC-11'];

/**
 * Every message is a complete, well-typed envelope (RIVER-MSG-01); optional members are left out rather than null
 * (RIVER-MSG-02); tracing is whole (RIVER-MSG-16); the payload key is there (RIVER-MSG-18). Text frames belong to
 * river/binary-frames.
 */
export const envelope = eventInvariant('envelope', RULES, ({ binding }, check) => ({
  observe: (event) => {
    if (event.type !== 'sent' || event.decoded === undefined || (event.frame.class === 'data' && event.frame.text)) return;
    const { decoded, from, n } = event;
    if (!decoded.ok) {
      // How much may stand in a message River does not say: what is too much for us is no fault.
      if (decoded.custom === 'RIVER-SEC-08') return;
      const requirement = decoded.custom ?? 'RIVER-MSG-01';
      check(false, requirement, from, () => `a frame that is no valid message: ${decoded.error}`, [n]);
      return;
    }
    check(true, 'RIVER-MSG-01', from);
    check(true, 'RIVER-MSG-02', from);
    check(true, 'RIVER-MSG-18', from);
    check(true, 'RIVER-CODEC-11', from);
    check(true, binding === 'json' ? 'RIVER-CODEC-10' : 'RIVER-CODEC-04', from);
    if (decoded.message.tracing !== undefined) check(true, 'RIVER-MSG-16', from);
  },
}));
