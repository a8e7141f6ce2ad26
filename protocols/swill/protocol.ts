import { upgradedWebSocket } from '../carriers/websocket/upgraded.ts';
import { endOf, messageOf } from '../common/frame.ts';
import { startTogether } from '../common/listening.ts';
import { OF_A_CONNECTION } from '../common/promises.ts';
import type { Protocol } from '../common/protocol.ts';
import { swillAdapterWords } from './adapter-words.ts';
import { bindCalls } from './bind.ts';
import { swillCalls } from './calls.ts';
import { kindOf } from './classify.ts';
import { readFrame } from './decode.ts';
import { encodePlain } from './encode.ts';
import { fieldsOf } from './fields.ts';
import type { SwillFrame } from './frame.ts';
import { swillInvariants } from './invariants/index.ts';
import { followFrames } from './invariants/judging.ts';
import { matchWire } from './match.ts';
import { normalise } from './normalise.ts';
import { swillRetellings } from './retelling/retell.ts';
import { clientScript, serverScript } from './script.ts';
import { secretPaths, secretWords } from './secrets.ts';
import { summarise } from './summary.ts';
import { COUNTS, DEFAULT_TIMERS, REDIALLING_MS } from './timers.ts';
import { swillVariations } from './variations.ts';
import { type WirePattern, wirePattern } from './wire-pattern.ts';

/** Swill (`swill/1`), as the runner knows it. */
export const swill: Protocol<SwillFrame> = {
  name: 'swill',
  title: 'Swill',
  bindings: [{ name: 'msgpack', carrier: upgradedWebSocket }],
  seesOpenings: true,
  timers: DEFAULT_TIMERS,
  counts: COUNTS,
  giveUpTimers: ['connectTimeoutMs'],
  promises: OF_A_CONNECTION,
  callLimitMs: REDIALLING_MS,
  decode: (frame, { from }, meter) => readFrame(frame, endOf(from), meter),
  encode: (message) => messageOf(encodePlain(message)),
  summarise,
  fields: (frame, { from }) => fieldsOf(frame, endOf(from)),
  kindOf,
  streamIdOf: ({ seq }) => String(seq),
  ...swillCalls,
  wirePattern,
  // The contract promises a pattern that `wirePattern` has parsed.
  mismatch: (pattern, event, context) => matchWire(pattern as WirePattern, event, context),
  bindCalls,
  normalise: (trace, calls) => normalise(trace, calls),
  variations: swillVariations,
  invariants: swillInvariants,
  startInvariants: (facts, reportOf) => startTogether(followFrames, swillInvariants, facts, reportOf),
  adapterWords: swillAdapterWords,
  peerScript: { client: clientScript, server: serverScript },
  retellings: swillRetellings,
  secretPaths,
  secretWords,
};
