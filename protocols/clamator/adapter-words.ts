import { type AdapterWords, TIME_SCALE } from '../common/adapter-words.ts';
import type { ClamatorTimers } from './timers.ts';

/** The words of clamator that an adapter hears and says. */
export const clamatorAdapterWords: AdapterWords<keyof ClamatorTimers> = {
  timers: {
    callTimeoutMs: 'the default timeout of a client’s calls',
    blockMs: 'how long one read of a stream waits',
    claimIdleMs: 'how long an entry is pending until it is claimed',
    claimPollMs: 'the least time between two claims',
    graceMs: 'how long a server that stops waits for its handlers',
    retryMs: 'the pause of a loop after an error',
    replyMaxlen: 'about how many entries of a reply stream are kept (a count)',
  },
  options: {
    services: { role: 'server', text: 'names of the services that it hosts, in order; all of `services.yaml` where it is absent' },
    late: { role: 'server', text: 'names of services that are registered once it has started; none where it is absent' },
    prefix: { role: 'both', text: 'what follows the name of the run (`space`) in the key prefix; nothing where it is absent' },
    held: { role: 'client', text: 'true: a call does not start it; it is started by `connect` with `eager`' },
    ownId: { role: 'both', text: 'true: it makes up its own instance id' },
    resp: {
      role: 'both',
      text: '2 or 3: the version of RESP that the application asks for by name; that of the binding where it is absent',
    },
    decodedText: { role: 'both', text: 'true: the library under it gives text in place of bytes (feature `decoded-text`)' },
    timeScale: TIME_SCALE,
  },
  statuses: {
    connected: { role: 'client', text: 'it has reached Redis, for the first time' },
    closed: { role: 'both', text: 'the instance has stopped' },
  },
  detail: 'It is never given.',
  forms: [
    'The instance id is `clientId` or `serverId`, the key prefix `space` and behind it the option `prefix`. A `procedure` is the whole name, `calc.add`;',
    'there is no `service`. `metadata` of `invoke` is `{timeoutMs}`, a timeout of the call’s own, nominal, so that it has to be scaled. Errors of replies keep their number, with',
    'their data as `extras`; what the library calls an error of its transport is `TRANSPORT`, with the words of the requirements in its message (`call timeout`,',
    '`transport stopped`), a reply that is none `PROTOCOL`; a name that it refuses keeps the error’s own name. Handlers tell `started`, with the params as',
    'value, and `finished`. `stop` with `how: kill` ends a server as the death of its process would: nothing is waited for, replied or acknowledged any',
    'more. `serve` is answered with an error where the server cannot start.',
  ].join('\n'),
};
