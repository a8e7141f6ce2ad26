import { messageOf } from '../common/frame.ts';
import { startTogether } from '../common/listening.ts';
import type { Protocol } from '../common/protocol.ts';
import { connectAdapterWords } from './adapter-words.ts';
import { bindCalls } from './bind.ts';
import { bindings, bindingTold } from './bindings.ts';
import { connectCalls } from './calls.ts';
import { kindOf } from './classify.ts';
import { decode } from './decode.ts';
import { fieldsOf } from './fields.ts';
import { followExchanges } from './invariants/exchanges.ts';
import { connectInvariants } from './invariants/index.ts';
import { masked } from './masked.ts';
import { matchWire } from './match.ts';
import type { ConnectMessage } from './message.ts';
import { normalise } from './normalise.ts';
import { connectRetellings } from './retelling/retell.ts';
import { clientScript, serverScript } from './script.ts';
import { secretPaths, secretWords } from './secrets.ts';
import { summarise } from './summary.ts';
import { DEFAULT_TIMERS } from './timers.ts';
import { connectVariations } from './variations.ts';
import { type WirePattern, wirePattern } from './wire-pattern.ts';

/** Connect over HTTP/1.1, as the runner knows it. */
export const connect: Protocol<ConnectMessage> = {
  name: 'connect',
  title: 'Connect',
  bindings,
  notThereYet: { named: /(^|-)(h[23]c?|http[-/]?[23])$/i, says: 'HTTP/2 and HTTP/3 are not there yet; Connect is carried by HTTP/1.1' },
  // A codec and an encoding are ways of writing messages, which say the same in each.
  equivalence: { requirement: 'CONNECT-STREAM-01', groups: [bindings.map(({ name }) => name)] },
  timers: DEFAULT_TIMERS,
  counts: [],
  decode,
  bindingTold,
  encode: (message) => messageOf(message instanceof Uint8Array ? message : new TextEncoder().encode(String(message))),
  summarise,
  fields: fieldsOf,
  kindOf,
  ...connectCalls,
  wirePattern,
  // The contract promises a pattern that `wirePattern` has parsed.
  mismatch: (pattern, event, context) => matchWire(pattern as WirePattern, event, context),
  bindCalls,
  normalise: (trace, calls) => normalise(trace, calls),
  variations: connectVariations,
  invariants: connectInvariants,
  startInvariants: (facts, reportOf) => startTogether(followExchanges, connectInvariants, facts, reportOf),
  adapterWords: connectAdapterWords,
  retellings: connectRetellings,
  peerScript: { client: clientScript, server: serverScript },
  secretPaths,
  masked,
  secretWords,
};
