import { type Check, inWords, unlessAnswered, unlessRefused, unlessResult } from './check.ts';

/** Longest that an adapter may take to end when it was told to, in ms: after that the runner ends it. */
const END_MS = 1000;

/** What a long line holds beside its request, in bytes. */
const LONG = 1024 * 1024;

const READING = 'Read stdin line by line, whatever the chunks are in which it comes.';

/** Checks of the conversation itself, whatever the role: each request is one that the runner may make. */
export const CONVERSATION: readonly Check[] = [
  {
    title: '`ping` is answered at once',
    heading: 'Messages',
    mend: 'Answer it with any result, or with an error; do not let it wait for calls that are under way.',
    async run(bench) {
      return unlessAnswered(await bench.talk.ask('ping', {}, bench.boundMs), bench);
    },
  },
  {
    title: 'a request in several chunks is read',
    heading: 'Messages',
    mend: READING,
    async run(bench) {
      return unlessAnswered(await bench.talk.ask('ping', { text: 'in pieces' }, bench.boundMs, 'pieces'), bench);
    },
  },
  {
    title: 'several requests in one chunk are read',
    heading: 'Messages',
    mend: READING,
    async run(bench) {
      const replies = await bench.talk.askTogether(Array(5).fill({ method: 'ping', params: {} }), bench.boundMs);
      for (const [i, reply] of replies.entries()) {
        const got = unlessAnswered(reply, bench);
        if (got !== undefined) return `to request ${i + 1} of ${replies.length}: ${got}`;
      }
      return undefined;
    },
  },
  {
    title: 'a line of a megabyte, in UTF-8, with members that are not known',
    heading: 'Messages',
    mend: 'Read lines of up to 16 MiB as UTF-8, and ignore members of `params` that you do not know: later versions add some.',
    async run(bench) {
      const params = { unknown: '\u00e4\u2028\u{1f600} '.repeat(LONG / 10) };
      return unlessAnswered(await bench.talk.ask('ping', params, bench.boundMs), bench);
    },
  },
  {
    title: 'a method that is not known is refused',
    heading: 'Messages',
    mend: 'Answer it with an error (code -32601) under the id of the request, and go on.',
    async run(bench) {
      return unlessRefused(await bench.talk.ask('weir-doctor-unknown', {}, bench.boundMs), bench);
    },
  },
  {
    title: 'a call that is not there, or not any more, is refused',
    heading: 'Handles',
    mend: 'Answer `send`, `finish` and `cancel` for a call that you do not know with an error: a case may come late.',
    async run(bench) {
      const call = bench.handle('nobody');
      for (const method of ['send', 'finish', 'cancel']) {
        const params = method === 'send' ? { call, value: null } : { call };
        // Some keep no book of calls that are over; what counts is that they live on.
        const got = unlessAnswered(await bench.talk.ask(method, params, bench.boundMs), bench);
        if (got !== undefined) return `to ${method}: ${got}`;
      }
      return undefined;
    },
  },
];

/** What must hold over the whole conversation. */
export const ALL_ALONG: Omit<Check, 'run'> = {
  title: 'stdout holds messages and nothing else',
  heading: 'Messages',
  mend: 'Print free text to stderr, flush each line whole, and tell only what the schema of the control protocol has.',
};

/** How an adapter ends: each takes a process of its own. */
export const ENDINGS: readonly Check[] = [
  {
    title: 'it ends by itself after `shutdown`',
    heading: 'Life',
    mend: 'Answer `shutdown`, flush, close what is open and exit with 0.',
    async run(bench) {
      const got = unlessResult(await bench.talk.ask('shutdown', {}, bench.boundMs), bench);
      if (got !== undefined) return got;
      const ended = await bench.talk.waitForEnd(END_MS);
      if (ended.type === 'late') return `it was answered, and the process still ran ${END_MS} ms later`;
      return ended.value.code === 0 ? undefined : inWords({ type: 'closed' }, bench.talk, bench.boundMs);
    },
  },
  {
    title: 'it ends by itself when its stdin ends',
    heading: 'Life',
    mend: 'Exit when stdin ends: the runner may be gone, and nobody else will end you.',
    async run(bench) {
      bench.talk.closeInput();
      const ended = await bench.talk.waitForEnd(END_MS);
      return ended.type === 'late' ? `the process still ran ${END_MS} ms later` : undefined;
    },
  },
];
