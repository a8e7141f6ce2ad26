import { tcp } from '../carriers/tcp/carrier.ts';
import { webSocket } from '../carriers/websocket/carrier.ts';
import { messageOf } from '../common/frame.ts';
import { startTogether } from '../common/listening.ts';
import { OF_A_CONNECTION } from '../common/promises.ts';
import type { Protocol } from '../common/protocol.ts';
import { rsocketAdapterWords } from './adapter-words.ts';
import { bindCalls } from './bind.ts';
import { rsocketCalls } from './calls.ts';
import { kindOf } from './classify.ts';
import { fieldsOf } from './fields.ts';
import type { RSocketFrame } from './frame.ts';
import { rsocketInvariants } from './invariants/index.ts';
import { followFrames } from './invariants/judging.ts';
import { matchWire } from './match.ts';
import { normalise } from './normalise.ts';
import { encodePlain } from './plain-frame.ts';
import { readFrame } from './read.ts';
import { rsocketRetellings } from './retelling/retell.ts';
import { clientScript, serverScript } from './script.ts';
import { secretParts, secretPaths, secretWords } from './secrets.ts';
import { summarise } from './summary.ts';
import { DEFAULT_TIMERS } from './timers.ts';
import { rsocketVariations } from './variations.ts';
import { type WirePattern, wirePattern } from './wire-pattern.ts';

/** RSocket 1.0, as the runner knows it. */
export const rsocket: Protocol<RSocketFrame> = {
  name: 'rsocket',
  title: 'RSocket 1.0',
  bindings: [
    { name: 'tcp', carrier: tcp },
    { name: 'websocket', carrier: webSocket },
  ],
  // RSOCKET-FRAME-02: only the length is left out.
  equivalence: { requirement: 'RSOCKET-FRAME-02', groups: [['tcp', 'websocket']] },
  timers: DEFAULT_TIMERS,
  counts: [],
  giveUpTimers: ['lifetimeMs', 'resumeExpiryMs'],
  idleKinds: ['KEEPALIVE'],
  unnumbered: ['SETUP', 'RESUME', 'RESUME_OK', 'KEEPALIVE', 'LEASE', 'METADATA_PUSH'],
  // A frame that never comes, or too late, is silence: the end that hears it gives the connection up (RSOCKET-KEEPALIVE-05).
  promises: { ...OF_A_CONNECTION, drop: 'told', silence: 'told' },
  silenceMs: DEFAULT_TIMERS.lifetimeMs + 500,
  decode: (frame) => readFrame(frame),
  encode: (message) => messageOf(encodePlain(message)),
  summarise,
  fields: (frame) => fieldsOf(frame),
  kindOf,
  ...rsocketCalls,
  wirePattern,
  // The contract promises a pattern that `wirePattern` has parsed.
  mismatch: (pattern, event, context) => matchWire(pattern as WirePattern, event, context),
  bindCalls,
  normalise: (trace, calls) => normalise(trace, calls),
  variations: rsocketVariations,
  invariants: rsocketInvariants,
  timedInvariants: ['keepalive-pace', 'keepalive', 'last-fragment', 'lease'].map((name) => `rsocket/${name}`),
  startInvariants: (facts, reportOf) => startTogether(followFrames, rsocketInvariants, facts, reportOf),
  adapterWords: rsocketAdapterWords,
  retellings: rsocketRetellings,
  peerScript: { client: clientScript, server: serverScript },
  secretPaths,
  secretParts,
  secretWords,
};
