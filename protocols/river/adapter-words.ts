import type { AdapterWords } from '../common/adapter-words.ts';
import type { RiverTimers } from './message.ts';

/** The words of River that an adapter hears and says. */
export const riverAdapterWords: AdapterWords<keyof RiverTimers> = {
  timers: {
    heartbeatIntervalMs: 'the server sends a heartbeat that often',
    heartbeatsUntilDead: 'after so many intervals without a message either end gives the connection up',
    sessionDisconnectGraceMs: 'how long a session outlives its connection',
    connectionTimeoutMs: 'how long the client waits for a connection to come up',
    handshakeTimeoutMs: 'how long either end waits for its part of the handshake',
    baseIntervalMs: 'the wait before the second attempt; it doubles with each further one',
    maxJitterMs: 'how much is added to a wait by chance, at most',
    maxBackoffMs: 'the longest wait, without jitter',
    attemptBudgetCapacity: 'how many attempts are made without a success between them',
    budgetRestoreIntervalMs: 'how long connected for one attempt to be given back',
  },
  options: {
    transparentReconnects: { role: 'both', text: '`false`: each loss of a connection ends its session, and the server takes up none' },
    connectOnInvoke: { role: 'client', text: '`false`: a call does not connect (feature `connect-on-invoke-off`)' },
    tracing: { role: 'client', text: '`{traceparent, tracestate}`, to be sent with handshakes and open messages' },
    handshake: { role: 'server', text: '`token`: check the handshake metadata as `policies` of `services.yaml` says' },
    rehandshakeEveryMs: { role: 'server', text: 'ask for a new handshake that often, scaled' },
    timeScale: {
      role: 'both',
      text: 'the factor by which the timers were scaled; what handlers of `services.yaml` wait, and the expiry of credentials, is nominal and scaled by it',
    },
  },
  statuses: {
    connected: { role: 'both', text: 'a session has a connection' },
    disconnected: { role: 'both', text: 'it has lost it' },
    'session-created': { role: 'both', text: 'a session began' },
    'session-destroyed': { role: 'both', text: 'a session ended for good' },
    'handshake-failed': { role: 'client', text: 'the server refused; `detail` is the code' },
    'retry-exceeded': { role: 'client', text: 'the budget of attempts is spent' },
    closed: { role: 'client', text: 'the client was closed' },
  },
  detail: 'For a server `detail` is the id of the client.',
};
