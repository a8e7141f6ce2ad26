// The adapter of __NAME__: Weir drives your library through it and hears what the library's API shows. It never makes up for the library:
// no retries, no repairs, nothing kept back. What is left for you to write is marked "yours"; the rest is the conversation with Weir.
import { Refusal, run } from './weir-kit/index.mjs';

/** Tells Weir's report what is not written yet. */
const missing = (what) => new Refusal(`adapter.mjs is yours to write: ${what}`);

run({
  info: {
    control: 1,
    name: '__NAME__',
    // yours: the version that is really loaded.
    version: '0.0.0',
    language: 'JavaScript',
    protocol: '__PROTOCOL__',
    roles: ['__ROLES__'],
    bindings: ['__BINDINGS__'],
    // yours: what it can do beyond the basics; each opens more cases (docs/adapters.md, “Words of the protocols”): __FEATURES__.
    features: [],
    concurrency: 8,
  },
  // <client>
  /** Makes a client, and does not wait for its connection. Beside these there are `metadata` and `eager`. */
  connect(instance, { url, binding, timers, options }) {
    // yours: const client = library.connect(url, …), with `timers` in ms and what `options` asks for.
    const settings = JSON.stringify({ url, binding, timers, options });
    return {
      /** Starts a call and goes on at once. Kinds of calls: __KINDS__. */
      invoke(call) {
        // yours: start it, and tell what comes back: call.message(value), call.error(code, message), and call.end() once, as the last.
        // Then return what can be done to it: { send: (value) => …, finish: () => …, cancel: () => … }.
        throw missing(`start a call of kind ${call.kind} to ${call.procedure} with a client for ${settings}`);
      },
      dial() {
        // yours: connect now, without a call; nothing is to be done where the library dials with its calls.
      },
      close() {
        // yours: close the client for good.
        instance.log('closed, of which the library knows nothing yet');
      },
    };
  },
  // </client>
  // <server>
  /** Starts a server with the services that cases/__PROTOCOL__/services.yaml of the package describes. */
  serve(instance, { binding, timers, options }) {
    // <listen>
    // yours: start it on a free port of the loopback, and return { url, stop: () => … }; tell with instance.handler(…) what
    // handlers see, if that can be told.
    // </listen>
    // <broker>
    // yours: start it at the broker whose `url` stands beside `binding`, all its names beginning with `space` there, and return
    // { stop: () => … }; tell with instance.handler(…) what handlers see, if that can be told.
    // </broker>
    throw missing(`start the server ${instance.handle} with ${JSON.stringify({ binding, timers, options })}`);
  },
  // </server>
});
