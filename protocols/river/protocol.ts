import { webSocket } from '../carriers/websocket/carrier.ts';
import { startTogether } from '../common/listening.ts';
import type { Protocol } from '../common/protocol.ts';
import { riverAdapterWords } from './adapter-words.ts';
import { bindCalls } from './bind.ts';
import { riverCalls } from './calls.ts';
import { kindOf } from './classify.ts';
import { codecNames, encodeMessage } from './codec.ts';
import { fieldsOf } from './fields.ts';
import { riverInvariants } from './invariants/index.ts';
import { followEnds } from './invariants/judging.ts';
import { matchWire } from './match.ts';
import { COUNTS, DEFAULT_TIMERS, type RiverMessage } from './message.ts';
import { normalise } from './normalise.ts';
import { retell } from './retelling/retell.ts';
import { clientScript, serverScript } from './script.ts';
import { secretPaths, secretWords } from './secrets.ts';
import { summarise } from './summary.ts';
import { readMessage } from './validate.ts';
import { riverVariations } from './variations.ts';
import { type WirePattern, wirePattern } from './wire-pattern.ts';

/** River v2.0, as the runner knows it. */
export const river: Protocol<RiverMessage> = {
  name: 'river',
  title: 'River v2.0',
  bindings: codecNames.map((name) => ({ name, carrier: webSocket, encoding: name })),
  equivalence: { requirement: 'RIVER-CODEC-07', groups: [codecNames] },
  timers: DEFAULT_TIMERS,
  counts: COUNTS,
  giveUpTimers: ['heartbeatsUntilDead', 'sessionDisconnectGraceMs', 'connectionTimeoutMs', 'handshakeTimeoutMs'],
  idleKinds: ['heartbeat'],
  unnumbered: ['handshake-request', 'handshake-response'],
  promises: {
    'cut-before': 'bridged',
    'cut-inside': 'bridged',
    'cut-after': 'bridged',
    drop: 'bridged',
    duplicate: 'bridged',
    split: 'bridged',
    silence: 'bridged',
    outage: 'told',
  },
  silenceMs: (DEFAULT_TIMERS.heartbeatsUntilDead + 1) * DEFAULT_TIMERS.heartbeatIntervalMs + 500,
  decode: (frame, { binding }, meter) => readMessage(frame, binding, meter),
  encode: (message, codec) => ({ kind: 'message', class: 'data', text: false, data: encodeMessage(message, codec) }),
  summarise,
  fields: (frame, { binding }) => fieldsOf(frame, binding),
  kindOf,
  streamIdOf: ({ streamId }) => streamId,
  ...riverCalls,
  wirePattern,
  // The contract promises a pattern that `wirePattern` has parsed.
  mismatch: (pattern, event, context) => matchWire(pattern as WirePattern, event, context),
  bindCalls,
  normalise,
  variations: riverVariations,
  invariants: riverInvariants,
  timedInvariants: ['dead-session', 'heartbeat-echo', 'heartbeat-pace', 'retransmission', 'session-continuity', 'subscription-answer'].map(
    (name) => `river/${name}`,
  ),
  startInvariants: (facts, reportOf) => startTogether(followEnds, riverInvariants, facts, reportOf),
  adapterWords: riverAdapterWords,
  peerScript: { client: clientScript, server: serverScript },
  retellings: [{ manner: 'mixed', retell }],
  secretPaths,
  secretWords,
};
