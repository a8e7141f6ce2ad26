// The standard test services of RSocket (cases/rsocket/services.yaml), for adapters of any library.
import { Outlet } from './outlet.mjs';

/**
 * @typedef {import('./service.js').Payload} Payload
 * @typedef {import('./service.js').Way} Way
 * @typedef {import('./service.js').Request} Request
 * @typedef {import('./service.js').Peer} Peer
 * @typedef {import('./service.js').Handling} Handling
 * @typedef {import('../lib/calls.mjs').Instance} Instance
 * @typedef {{ item?(payload: Payload): void, inputComplete?(): void, ended?(): void }} Reactions
 * @typedef {{ first: Payload, text: string, out: Outlet, request(n: number): void, stopInput(): void, peer: Peer, state: State, after: (ms: number, then: () => void) => () => void }} Running
 * @typedef {{ counter: number, log: string[] }} State
 */

const NAMES = [
  ...['INVALID_SETUP', 'UNSUPPORTED_SETUP', 'REJECTED_SETUP', 'REJECTED_RESUME', 'CONNECTION_ERROR', 'CONNECTION_CLOSE'],
  ...['APPLICATION_ERROR', 'REJECTED', 'CANCELED', 'INVALID'],
];
const MAX = 2 ** 31 - 1;
const PAUSE_MS = 50;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** @param {Uint8Array} bytes */
export const textOf = (bytes) => decoder.decode(bytes);

/**
 * The payload that text makes.
 *
 * @param {string} data
 * @param {string} [metadata]
 * @returns {Payload}
 */
const payload = (data, metadata) => ({ data: Buffer.from(data), metadata: metadata === undefined ? undefined : Buffer.from(metadata) });

/**
 * Bytes that the application writes as text or bytes.
 *
 * @param {unknown} value
 */
export function bytesOf(value) {
  if (value === undefined || value === null) return Buffer.alloc(0);
  return typeof value === 'string' ? Buffer.from(value) : Buffer.from(/** @type {Uint8Array} */ (value));
}

/**
 * Bytes as the application reads them: text where they are UTF-8.
 *
 * @param {Uint8Array | null | undefined} bytes
 */
export function readValue(bytes) {
  try {
    return strict.decode(bytes ?? new Uint8Array());
  } catch {
    return bytes;
  }
}

/**
 * The name of an error code; `0x00000301` where it has none.
 *
 * @param {number} code
 * @param {Readonly<Record<string, number>>} codes
 */
export function codeName(code, codes) {
  const named = Object.entries(codes).find(([name, each]) => each === code && NAMES.includes(name));
  if (named !== undefined) return named[0];
  // A library that reads it as a negative number gives that to its application.
  return code < 0 ? String(code) : `0x${code.toString(16).padStart(8, '0')}`;
}

/**
 * The number of a code that a name or `0x…` stands for.
 *
 * @param {string | number} code
 * @param {Readonly<Record<string, number>>} codes
 * @returns {number}
 */
export function codeNumber(code, codes) {
  return typeof code === 'number' ? code : (codes[code] ?? Number(code));
}

/**
 * What services.yaml says about a SETUP: whether it is refused, and after how many nominal ms.
 *
 * @param {string} data
 * @returns {{ refused: boolean, afterMs: number }}
 */
export function admission(data) {
  const [, ms, rest = ''] = /^wait-(\d+)-(.*)$/s.exec(data) ?? [];
  if (ms === undefined) return { refused: data === 'refuse', afterMs: 0 };
  const { refused, afterMs } = admission(rest);
  return { refused, afterMs: afterMs + Number(ms) };
}

/** @param {Running} call @param {string} told */
function failAsTold({ out }, told) {
  const [word = '', ...rest] = told.split(' ');
  if (NAMES.includes(word) || /^0x[0-9a-f]{1,8}$/i.test(word)) out.fail(word, rest.join(' '));
  else out.fail('APPLICATION_ERROR', told);
}

/** The decimal number that is the first word of a text, or 0. @param {string} text */
const numberIn = (text) => Number(/^-?\d{1,15}(?= |$)/.exec(text)?.[0] ?? 0);

/** @param {number} count @param {(i: number) => Payload} make */
function* numbered(count, make = (i) => payload(String(i))) {
  for (let i = 1; i <= count; i += 1) yield make(i);
}

/** @param {Running} call */
function slowTicks({ out, text, after }) {
  const count = numberIn(text);
  let sent = 0;
  let stop = () => {};
  const next = () => {
    if (sent === count) return out.complete();
    sent += 1;
    out.item(payload(String(sent)));
    stop = after(PAUSE_MS, next);
  };
  next();
  return { ended: () => stop() };
}

/** @param {Running} call @returns {Reactions} */
function callBack({ first, out, peer }) {
  const running = peer.echo(first, (answer, error) => {
    if (error !== undefined) out.fail('APPLICATION_ERROR', `${error.code} ${error.text}`);
    else if (answer === undefined) out.complete();
    else out.item(answer);
  });
  return { ended: () => running.cancel() };
}

/** @param {number} n @param {number} more @returns {(call: Running) => Reactions} */
const echo =
  (n, more) =>
  ({ first, out, request }) => {
    request(n);
    out.item(first);
    return {
      item: (each) => {
        out.item(each);
        if (more > 0) request(more);
      },
      inputComplete: () => out.complete(),
    };
  };

/** @type {Readonly<Record<string, (call: Running) => Reactions | void>>} */
const SERVICES = {
  echo: ({ out, first }) => out.item(first),
  empty: ({ out }) => out.item(payload('')),
  nothing: ({ out }) => out.complete(),
  error: (call) => failAsTold(call, call.text),
  raise: ({ text }) => {
    throw new Error(text);
  },
  never: () => {},
  twice: ({ out }) => {
    out.item(payload('first'));
    out.item(payload('second'));
  },
  slow: ({ out, first, text, after }) => ({ ended: after(numberIn(text), () => out.item(first)) }),
  count: ({ out, text, state }) => {
    state.counter += numberIn(text);
    out.item(payload(String(state.counter)));
  },
  logged: ({ out, state }) => out.item(payload(state.log.join(','))),
  log: ({ text, state }) => void state.log.push(text),
  'log-raise': ({ text, state }) => {
    state.log.push(text);
    throw new Error('the handler failed');
  },
  'call-back': callBack,
  'push-back': ({ out, first, peer }) => {
    peer.push(first.data);
    out.item(payload(''));
  },
  ticks: ({ out, text }) => out.items(numbered(numberIn(text))),
  'ticks-slow': slowTicks,
  'ticks-metadata': ({ out, text }) => out.items(numbered(numberIn(text), (i) => payload(String(i), `m${i}`))),
  'ticks-blocks': ({ out, text }) => {
    const [, size = ''] = text.split(' ');
    out.items(numbered(numberIn(text), (i) => ({ data: Buffer.alloc(Math.max(0, numberIn(size)), String(i % 10)), metadata: undefined })));
  },
  'ticks-error': (call) => {
    const [count = '', ...told] = call.text.split(' ');
    for (const item of numbered(numberIn(count))) call.out.item(item);
    failAsTold(call, told.join(' '));
  },
  'ticks-open': ({ out, text }) => {
    for (const item of numbered(numberIn(text))) out.item(item);
  },
  'channel-echo': echo(MAX, 0),
  'channel-one-by-one': echo(1, 1),
  'channel-sum': ({ out, text, request }) => {
    let sum = numberIn(text);
    request(MAX);
    return {
      item: ({ data }) => {
        sum += numberIn(textOf(data));
      },
      inputComplete: () => out.items([payload(String(sum))]),
    };
  },
  'channel-first': ({ out, first, request }) => {
    request(MAX);
    out.items([first]);
  },
  'channel-stop': ({ out, first, stopInput }) => {
    out.item(first);
    stopInput();
    out.complete();
  },
  'channel-error': (call) => {
    call.request(MAX);
    call.out.item(call.first);
    return { item: ({ data }) => failAsTold(call, textOf(data)) };
  },
  'channel-withhold': () => {},
};

/** The services of one instance, whose state is fresh. */
export class Services {
  /** @type {Map<string, number>} */
  #runs = new Map();
  /** @type {State} */
  #state = { counter: 0, log: [] };
  #instance;
  #timeScale;

  /**
   * @param {Instance} instance
   * @param {number} timeScale
   */
  constructor(instance, timeScale) {
    this.#instance = instance;
    this.#timeScale = timeScale;
  }

  /** Decides about a SETUP by its data; rejects where it is refused. @param {Uint8Array | null | undefined} data */
  async admit(data) {
    const { refused, afterMs } = admission(textOf(data ?? new Uint8Array()));
    if (afterMs > 0) await new Promise((done) => setTimeout(done, afterMs * this.#timeScale));
    if (refused) throw new Error('refused');
  }

  /** METADATA_PUSH. @param {Uint8Array | undefined} metadata */
  pushed(metadata) {
    const tell = this.#run('metadata-push');
    tell('started', undefined, readValue(metadata));
  }

  /**
   * Runs a handler. What it throws, and that there is no such route, is thrown: the library tells it.
   *
   * @param {Request} request
   * @param {Way} way
   * @param {Peer} peer
   * @returns {Handling}
   */
  handle({ route, first, kind, credit, complete }, way, peer) {
    const service = route !== undefined && Object.hasOwn(SERVICES, route) ? SERVICES[route] : undefined;
    if (route === undefined || service === undefined) {
      throw new Error(route === undefined ? 'the request has no route' : `there is no route ${route}`);
    }
    const tell = this.#run(route);
    const open = { in: kind === 'request-channel', out: kind !== 'fire-and-forget', told: false };
    const settle = () => {
      if (open.in || open.out || open.told) return;
      open.told = true;
      tell('finished');
    };
    const over = () => {
      open.in = false;
      open.out = false;
      settle();
    };
    const out = new Outlet(kind === 'request-response' ? Number.POSITIVE_INFINITY : credit, {
      next: (payload, last) => {
        const ends = last || kind === 'request-response';
        way.next(payload, ends);
        if (ends) open.out = false;
        settle();
      },
      complete: () => {
        way.complete();
        open.out = false;
        settle();
      },
      error: (code, text) => {
        // Some libraries hand it back to the handler: nothing of that is news.
        open.in = false;
        open.out = false;
        way.error(code, text);
        settle();
      },
    });
    tell('started', readValue(first.data), first.metadata && readValue(first.metadata));
    const running = {
      ...{ first, out, peer, state: this.#state, text: textOf(first.data) },
      request: (/** @type {number} */ n) => way.request?.(n),
      stopInput: () => {
        open.in = false;
        way.stopInput?.();
        settle();
      },
      after: (/** @type {number} */ ms, /** @type {() => void} */ then) => {
        const timer = setTimeout(then, ms * this.#timeScale);
        return () => clearTimeout(timer);
      },
    };
    /** @type {Reactions} */
    let reactions = {};
    try {
      reactions = service(running) ?? {};
    } catch (raised) {
      over();
      throw raised;
    }
    settle();
    const ended = (/** @type {string} */ event, /** @type {string | undefined} */ code = undefined) => {
      if (!open.in && !open.out) return;
      tell(event, code);
      out.stop();
      reactions.ended?.();
      over();
    };
    const inputComplete = () => {
      if (open.told) return;
      tell('requests-closed');
      open.in = false;
      reactions.inputComplete?.();
      settle();
    };
    if (complete) inputComplete();
    return {
      credit: (n) => out.grant(n),
      item: (each) => {
        // It was on its way when the call ended.
        if (open.told) return;
        tell('request', readValue(each.data), each.metadata && readValue(each.metadata));
        reactions.item?.(each);
      },
      inputComplete,
      cancelled: () => ended('cancelled'),
      failed: (code) => ended('requests-failed', code),
      disconnected: () => ended('disconnected'),
    };
  }

  /** @param {string} procedure @returns {(event: string, value?: unknown, metadata?: unknown) => void} */
  #run(procedure) {
    const run = (this.#runs.get(procedure) ?? 0) + 1;
    this.#runs.set(procedure, run);
    return (event, value, metadata) => this.#instance.handler({ procedure, run, event, value, metadata });
  }
}
