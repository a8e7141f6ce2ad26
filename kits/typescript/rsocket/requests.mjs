// Requests and SETUPs of the standard services, as both lines of rsocket-js take them; what differs between the lines is handed in.
import { optional } from './asking.mjs';
import { bytesOf } from './services.mjs';

/**
 * @typedef {import('./service.js').Payload} Payload
 * @typedef {{ readonly string: string }} Mime  A MIME type of the library.
 * @typedef {{ readonly procedure?: string, readonly value?: unknown, readonly metadata?: unknown }} Request
 * @typedef {{ readonly data?: Buffer | null | undefined, readonly metadata?: Buffer | null | undefined }} Given  A payload as the library gives it.
 */

/** What handlers and cases know of a payload of the library; it may have none. @param {Given | undefined} payload */
export const payloadOf = (payload) => ({ data: payload?.data ?? Buffer.alloc(0), metadata: payload?.metadata ?? undefined });

/**
 * How a call becomes a request of the library and back, by its functions for composite metadata and its MIME types: the route stands
 * beside what the application says.
 *
 * @param {any} library
 * @param {{ readonly routing: Mime, readonly octets: Mime }} mimes
 */
export function requestForms({ encodeCompositeMetadata, decodeCompositeMetadata, encodeRoute, decodeRoutes }, { routing, octets }) {
  const forms = {
    /** @param {Request} request */
    requestOf({ procedure, value, metadata }) {
      const data = bytesOf(value);
      if (procedure === undefined) return { data, metadata: optional(metadata) };
      const own = metadata === undefined ? [] : [[octets, bytesOf(metadata)]];
      return { data, metadata: encodeCompositeMetadata([[routing, encodeRoute(procedure)], ...own]) };
    },
    /** The request with which a handler calls back. @param {Payload} payload */
    echoOf({ data, metadata }) {
      return { data, metadata: forms.requestOf({ procedure: 'echo', metadata }).metadata };
    },
    /** @param {Given} payload @returns {{ route: string | undefined, first: Payload }} */
    readRequest({ data, metadata }) {
      /** @type {{ readonly mimeType: string, readonly content: Buffer }[]} */
      const entries = metadata ? [...decodeCompositeMetadata(metadata)] : [];
      /** @param {Mime} mime */
      const content = ({ string }) => entries.find(({ mimeType }) => mimeType === string)?.content;
      const route = content(routing);
      return { route: route && [...decodeRoutes(route)][0], first: payloadOf({ data, metadata: content(octets) }) };
    },
  };
  return forms;
}

/**
 * What a client says in its SETUP: times in ms, MIME types, payload.
 *
 * @param {{ readonly timers: { readonly keepaliveMs: number, readonly lifetimeMs: number }, readonly options: Record<string, any> }} given
 * @param {{ readonly composite: Mime, readonly octets: Mime }} mimes
 */
export function setupOf({ timers, options }, { composite, octets }) {
  return {
    keepAlive: Math.round(timers.keepaliveMs),
    lifetime: Math.round(timers.lifetimeMs),
    metadataMimeType: options.metadataMime ?? composite.string,
    dataMimeType: options.dataMime ?? octets.string,
    payload: { data: optional(options.setupData), metadata: optional(options.setupMetadata) },
  };
}

/** Follows the one listener of a server, of `net` or `ws`: where it listens, and how what is connected is cut off. */
export class Listening {
  /** @type {any} */
  #server;
  /** @type {Set<any>} */
  #sockets = new Set();

  /** Takes the listener as it is made, and gives it back. @template T @param {T & { on: Function }} server @returns {T} */
  watch(server) {
    this.#server = server;
    server.on('connection', (/** @type {any} */ socket) => this.#sockets.add(socket));
    return server;
  }

  /** Resolves once it listens. */
  begun() {
    return new Promise((ready) => this.#server.once('listening', ready));
  }

  /** The address for clients of a binding. @param {string} binding */
  url(binding) {
    return `${binding === 'tcp' ? 'tcp' : 'ws'}://127.0.0.1:${this.#server.address().port}`;
  }

  /** Ends every connection that it took. */
  cut() {
    for (const socket of this.#sockets) (socket.destroy ?? socket.terminate).call(socket);
  }
}
