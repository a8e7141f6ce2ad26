// A call of RSocket as its requester sees it: what is told of it, and when it is over.
import { Outlet } from './outlet.mjs';
import { bytesOf, readValue } from './services.mjs';

/**
 * @typedef {import('../lib/calls.mjs').Call} Call
 * @typedef {import('../lib/calls.mjs').Instance} Instance
 * @typedef {import('../lib/adapter.js').Running} Running
 * @typedef {import('./service.js').Payload} Payload
 * @typedef {import('./service.js').Asked} Asked
 */

/** Credit where a case asks for none. */
export const MAX = 2 ** 31 - 1;

/** Bytes of what may be left out. @param {unknown} value */
export const optional = (value) => (value === undefined ? undefined : bytesOf(value));

/** One call. A channel is over when both its directions are. */
export class Asking {
  #call;
  #describe;
  /** @type {Outlet | undefined} */
  #outlet;
  #inOpen = true;
  #outOpen = false;
  #told = false;
  #wanted = true;

  /**
   * @param {Call} call
   * @param {(error: any) => string} describe  The code that an error of the library is told with.
   */
  constructor(call, describe) {
    this.#call = call;
    this.#describe = describe;
  }

  /** @param {Payload} payload @param {boolean} last */
  item({ data, metadata }, last) {
    // It was on its way when the application gave the call up, as reactive streams allow; what comes behind an end is told.
    if (!this.#wanted) return;
    this.#call.message(readValue(data), metadata && readValue(metadata));
    if (last) this.complete();
  }

  complete() {
    this.#inOpen = false;
    this.#settle();
  }

  /** @param {Error} error @param {string} code @param {string} text */
  failed(error, code = this.#describe(error), text = error.message) {
    if (this.#told) return;
    this.#outlet?.stop();
    this.#call.error(code, text);
    this.#end();
  }

  get isOver() {
    return this.#told;
  }

  /** The application wants nothing of it any more. */
  abandoned() {
    this.#wanted = false;
    this.#outlet?.stop();
    if (!this.#told) this.#end();
  }

  /** The responder takes so many more items. @param {number} n */
  credit(n) {
    this.#outlet?.grant(n);
  }

  /** The responder wants no more items. */
  unwanted() {
    this.#outlet?.stop();
    this.#outOpen = false;
    this.#settle();
  }

  /**
   * What can be done to the call, with what the library can do. What the application ends is over at once.
   *
   * @param {Asked} asked
   * @returns {Running}
   */
  running(asked) {
    const { kind } = this.#call;
    const abandon = (/** @type {() => void} */ act) => {
      this.abandoned();
      act();
    };
    const cancel = () => abandon(() => asked.cancel());
    if (kind === 'request-response') return { cancel };
    const credit = (/** @type {number} */ n) => asked.request(n);
    if (kind === 'request-stream') return { cancel, credit };
    if (kind !== 'request-channel') return {};
    const outlet = new Outlet(0, {
      next: (payload, last) => {
        asked.next(payload, last);
        if (last) this.unwanted();
      },
      complete: () => {
        asked.complete();
        this.unwanted();
      },
      error: () => {},
    });
    this.#outlet = outlet;
    this.#outOpen = true;
    return {
      cancel,
      credit,
      send: (value, metadata) => outlet.item({ data: bytesOf(value), metadata: optional(metadata) }),
      finish: (_metadata, error) => {
        if (error === undefined) outlet.complete();
        else abandon(() => asked.error(error));
      },
    };
  }

  #settle() {
    if (!this.#told && !this.#inOpen && !this.#outOpen) this.#end();
  }

  #end() {
    this.#told = true;
    this.#call.end();
  }
}

/**
 * A client of a library, which dials once, at the first that is asked of it. That it could not is told as `closed`, to who dialled.
 *
 * @template C
 * @param {Instance} instance
 * @param {() => Promise<C>} connect
 * @param {(call: Call, connected: C, asking: Asking) => Running} start  Makes a call.
 * @param {(error: any) => string} describe  The code that an error of the library is told with.
 */
export function dialling(instance, connect, start, describe) {
  /** @type {Promise<C> | undefined} */
  let dialled;
  /** @type {C | undefined} */
  let there;
  const once = () => {
    dialled ??= connect().then((connected) => {
      there = connected;
      return connected;
    });
    return dialled;
  };
  return {
    dial: () => void once().catch((error) => instance.status('closed', error.message)),
    /** @param {Call} call */
    invoke(call) {
      const asking = new Asking(call, describe);
      const begin = (/** @type {C} */ connected) => start(call, connected, asking);
      return there === undefined ? whenConnected(once(), begin, asking) : begin(there);
    },
    /** The connection, where it was asked for and could be had. */
    dialled: () => dialled?.catch(() => undefined),
  };
}

/**
 * A running call that the library gets once there is a connection; what is asked of it before comes after. A library that cannot
 * start it then is told as the end of the call, by the name of what it throws.
 *
 * @template C
 * @param {Promise<C>} connecting
 * @param {(connected: C) => Running} start
 * @param {Asking} asking
 * @returns {Running}
 */
export function whenConnected(connecting, start, asking) {
  /** @type {(() => void)[]} */
  const asked = [];
  /** @type {Running | undefined} */
  let running;
  connecting.then(
    (connected) => {
      if (asking.isOver) return;
      try {
        running = start(connected);
      } catch (error) {
        asking.failed(/** @type {Error} */ (error), /** @type {Error} */ (error).name);
      }
      for (const act of asked) act();
    },
    (error) => asking.failed(error),
  );
  const later =
    (/** @type {keyof Running} */ name) =>
    (/** @type {any[]} */ ...values) => {
      const act = () => /** @type {any} */ (running)?.[name]?.(...values);
      if (running === undefined) asked.push(act);
      else return act();
    };
  // What is cancelled before there is a connection is never called.
  const cancel = () => (running === undefined ? asking.abandoned() : running.cancel?.());
  return { send: later('send'), credit: later('credit'), finish: later('finish'), cancel };
}
