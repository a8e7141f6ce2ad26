import { commandFrame, replyFrame } from '../carriers/resp/frames.ts';
import { error } from '../carriers/resp/value.ts';
import { messageOf } from '../common/frame.ts';
import { startTogether } from '../common/listening.ts';
import { OF_A_CONNECTION } from '../common/promises.ts';
import type { Protocol } from '../common/protocol.ts';
import { isPlainObject } from '../common/value.ts';
import { clamatorAdapterWords } from './adapter-words.ts';
import { bindCalls } from './bind.ts';
import { bindings } from './bindings.ts';
import { clamatorCalls } from './calls.ts';
import { kindOf } from './classify.ts';
import { decode } from './decode.ts';
import { clamatorInvariants } from './invariants/index.ts';
import { followLedger } from './invariants/ledger-invariant.ts';
import { matchWire } from './match.ts';
import type { ClamatorMessage } from './message.ts';
import { normalise } from './normalise.ts';
import { clamatorRetellings } from './retelling/retell.ts';
import { clientScript, serverScript } from './script.ts';
import { masked, secretPaths, secretWords } from './secrets.ts';
import { summarise } from './summary.ts';
import { COUNTS, DEFAULT_TIMERS } from './timers.ts';
import { clamatorVariations } from './variations.ts';
import { type WirePattern, wirePattern } from './wire-pattern.ts';

/** clamator over Redis streams, as the runner knows it. Both ends dial the broker that the registry gives it. */
export const clamator: Protocol<ClamatorMessage> = {
  name: 'clamator',
  title: 'clamator',
  bindings,
  equivalence: { requirement: 'CLAMATOR-SHARE-03', groups: [['resp2', 'resp3']] },
  timers: DEFAULT_TIMERS,
  // A request that is lost is missed by nobody but its caller, whose call times out.
  promises: { ...OF_A_CONNECTION, drop: 'told' },
  callLimitMs: DEFAULT_TIMERS.callTimeoutMs,
  counts: COUNTS,
  decode: (frame, _at, meter) => decode(frame, meter),
  encode(message) {
    if (message instanceof Uint8Array) return messageOf(message);
    // What a case puts in the place of an answer: that Redis refuses, in its words.
    if (isPlainObject(message) && typeof message['error'] === 'string') return replyFrame(error(message['error']));
    const args = isPlainObject(message) ? message['args'] : message;
    if (!Array.isArray(args)) throw new TypeError('a command is a list of words');
    return commandFrame(args.map(String));
  },
  summarise,
  fields: () => [],
  kindOf,
  ...clamatorCalls,
  wirePattern,
  // The contract promises a pattern that `wirePattern` has parsed.
  mismatch: (pattern, event, context) => matchWire(pattern as WirePattern, event, context),
  bindCalls,
  normalise,
  variations: clamatorVariations,
  invariants: clamatorInvariants,
  startInvariants: (facts, reportOf) => startTogether(followLedger, clamatorInvariants, facts, reportOf),
  adapterWords: clamatorAdapterWords,
  retellings: clamatorRetellings,
  peerScript: { client: clientScript, server: serverScript },
  secretPaths,
  masked: (frame, _at, mask) => masked(frame, mask),
  secretWords,
};
