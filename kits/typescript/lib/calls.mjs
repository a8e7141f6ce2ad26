// What an adapter tells of an instance (a client or a server) and of its calls.
import { toTagged } from './values.mjs';

/** @typedef {(method: string, params: Record<string, unknown>) => void} Notify */

/**
 * Those that are given, tagged.
 *
 * @param {Record<string, unknown>} optional
 */
function given(optional) {
  return Object.fromEntries(Object.entries(optional).flatMap(([key, value]) => (value === undefined ? [] : [[key, toTagged(value)]])));
}

/** A client or a server under its handle. */
export class Instance {
  /**
   * @param {string} handle
   * @param {Notify} notify
   */
  constructor(handle, notify) {
    this.handle = handle;
    this.notify = notify;
  }

  /**
   * @param {string} status
   * @param {string} [detail]
   */
  status(status, detail) {
    this.notify('status', { instance: this.handle, status, ...given({ detail }) });
  }

  /**
   * What a handler saw. `run` tells runs of the same handler apart.
   *
   * @param {{ service?: string, procedure: string, run: string | number, event: string, value?: unknown, metadata?: unknown }} seen
   */
  handler({ procedure, run, event, ...rest }) {
    this.notify('handler', { instance: this.handle, procedure, run: String(run), event, ...given(rest) });
  }

  /** @param {string} message */
  log(message) {
    this.notify('log', { message });
  }
}

/** A call as it was asked for, and what is told of it. What was not given is undefined. */
export class Call {
  /**
   * @param {Record<string, any>} params
   * @param {unknown} value
   * @param {unknown} metadata
   * @param {Notify} notify
   */
  constructor(params, value, metadata, notify) {
    /** @type {string} */
    this.name = params.call;
    /** @type {string} */
    this.kind = params.kind;
    /** @type {string | undefined} */
    this.service = params.service;
    /** @type {string | undefined} */
    this.procedure = params.procedure;
    this.value = value;
    this.metadata = metadata;
    /** @type {number | undefined} */
    this.credit = params.credit;
    /**
     * On which of the connections that a server accepted; undefined is the newest.
     *
     * @type {number | undefined}
     */
    this.to = params.to;
    this.notify = notify;
  }

  /**
   * The answer began, apart from its first value.
   *
   * @param {unknown} [metadata]
   */
  start(metadata) {
    this.notify('start', { call: this.name, ...given({ metadata }) });
  }

  /**
   * An item.
   *
   * @param {unknown} value
   * @param {unknown} [metadata]
   */
  message(value, metadata) {
    this.notify('message', { call: this.name, result: { ok: true, value: toTagged(value), ...given({ metadata }) } });
  }

  /**
   * An error as an item.
   *
   * @param {string | number} code
   * @param {string} message
   * @param {{ extras?: unknown, metadata?: unknown }} [more]
   */
  error(code, message, more = {}) {
    this.notify('message', { call: this.name, result: { ok: false, error: { code, message, ...given(more) } } });
  }

  /**
   * Nothing more will be read.
   *
   * @param {unknown} [metadata]
   */
  end(metadata) {
    this.notify('end', { call: this.name, ...given({ metadata }) });
  }
}
