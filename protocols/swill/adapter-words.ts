import type { AdapterWords } from '../common/adapter-words.ts';
import type { SwillTimers } from './timers.ts';

/** The words of Swill that an adapter hears and says. */
export const swillAdapterWords: AdapterWords<keyof SwillTimers> = {
  timers: {
    connectTimeoutMs: 'how long a client waits for its upgrade to be answered',
    reconnectDelayMs: 'what a client waits before it dials again, times the number of the attempt',
    reconnectAttempts: 'how often it dials again after an unclean end',
  },
  options: {
    path: { role: 'both', text: 'the path of the endpoint; `/ws` where absent and where the URL has none' },
    reconnect: { role: 'client', text: '`false`: a lost connection is not dialled again' },
    headers: { role: 'client', text: 'fields of the upgrade request beside the usual ones, by name (feature `request-headers`)' },
    introspection: { role: 'server', text: '`false`: `swill.introspect` is unknown' },
    procedures: { role: 'server', text: 'names of the procedures that are hosted; without it all of `services.yaml` are' },
    hooks: {
      role: 'server',
      text: 'what is attached to each stage of the life of connections and requests, by its name: a list of actions, as `cases/swill/services.yaml` has them (feature `hooks`)',
    },
    timeScale: {
      role: 'both',
      text: 'the factor by which the timers were scaled; what handlers of `services.yaml` and hooks wait is nominal and scaled by it',
    },
  },
  statuses: {
    connected: { role: 'client', text: 'the upgrade was accepted' },
    disconnected: { role: 'client', text: 'the connection is over' },
    refused: { role: 'client', text: 'the upgrade was answered, but not accepted; `detail` is the HTTP status' },
    closed: { role: 'client', text: 'the client is over' },
    'hook-refused': { role: 'server', text: 'an action could not be attached: there is no such stage; `detail` is its name' },
  },
  forms: [
    '`metadata` is a map, of `start` the leading and of `end` the trailing one, neither where there is none. Errors keep their number, with their data as `extras`.',
    'Values of MessagePack are those of JSON, with bytes as `$bytes`. Handlers tell what `cases/swill/services.yaml` says.',
  ].join('\n'),
  detail: 'For `refused` it is the HTTP status, for `hook-refused` the name of the stage.',
};
