// The conversation with the runner: an adapter holds its library, and this all that every adapter says alike.
import { Call, Instance } from './calls.mjs';
import { BadLine, eachLine, readRequest, takeStdout } from './lines.mjs';
import { fromTagged } from './values.mjs';

/** @typedef {import('./adapter.js').Adapter} Adapter */
/** @typedef {import('./adapter.js').Client} Client */
/** @typedef {import('./adapter.js').Server} Server */
/** @typedef {import('./adapter.js').Running} Running */
/** @typedef {Record<string, any>} Params */

/** Answers a request with an error in these words: the library cannot do what is asked. */
export class Refusal extends Error {}

/**
 * Goes on at once with what is there, and later with what is not: the next line may be about what this one makes.
 *
 * @template T, U
 * @param {T | Promise<T>} result
 * @param {(value: T) => U} next
 * @returns {U | Promise<Awaited<U>>}
 */
function then(result, next) {
  return result instanceof Promise ? /** @type {Promise<Awaited<U>>} */ (result.then(next)) : next(result);
}

const nothing = () => ({});

/** Carries out requests with an adapter. */
export class Conversation {
  /** @type {Map<string, Client>} */
  #clients = new Map();
  /** @type {Map<string, Server>} */
  #servers = new Map();
  /** @type {Set<string>} */
  #closed = new Set();
  /** @type {Map<string, Running | undefined>} */
  #running = new Map();
  /** @type {Adapter} */
  #adapter;
  /** @type {(text: string) => void} */
  #out;

  /**
   * What a request has to hold, and what is done at it.
   *
   * @type {Readonly<Record<string, { needs: readonly string[], act: (params: Params) => unknown }>>}
   */
  #methods = {
    initialize: { needs: [], act: () => this.#adapter.info },
    ping: { needs: [], act: nothing },
    shutdown: { needs: [], act: () => void setImmediate(() => process.exit(0)) },
    connect: { needs: ['client', 'url'], act: (params) => this.#connect(params) },
    disconnect: { needs: ['client'], act: (params) => this.#disconnect(params) },
    serve: { needs: ['server'], act: (params) => this.#serve(params) },
    stop: { needs: ['server'], act: (params) => this.#stop(params) },
    invoke: { needs: ['call', 'kind'], act: (params) => this.#invoke(params) },
    send: {
      needs: ['call'],
      act: (params) => this.#act(params, 'send', valueIn(params, 'request'), fromTagged(params.metadata)),
    },
    credit: { needs: ['call', 'n'], act: (params) => this.#act(params, 'credit', params.n) },
    finish: { needs: ['call'], act: (params) => this.#act(params, 'finish', fromTagged(params.metadata), params.error) },
    cancel: { needs: ['call'], act: (params) => this.#act(params, 'cancel') },
  };

  /**
   * @param {Adapter} adapter
   * @param {(text: string) => void} out
   */
  constructor(adapter, out) {
    this.#adapter = adapter;
    this.#out = out;
  }

  /**
   * One line, without its end. What takes time is answered later, and holds up nothing else.
   *
   * @param {Uint8Array} line
   */
  receive(line) {
    if (line.every((byte) => byte === 32 || byte === 9 || byte === 13)) return;
    /** @type {{ id: unknown, method: string, params: Params }} */
    let request;
    try {
      request = readRequest(line);
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      this.#refuse(error.id ?? null, error.code, error.message);
      return;
    }
    const { id, method, params } = request;
    const known = Object.hasOwn(this.#methods, method) ? this.#methods[method] : undefined;
    if (known === undefined) {
      this.#refuse(id, -32601, `there is no method ${method}`);
      return;
    }
    const lacking = known.needs.filter((name) => !Object.hasOwn(params, name));
    if (lacking.length > 0) {
      this.#refuse(id, -32602, `${method} needs ${lacking.join(' and ')}`);
      return;
    }
    const raised = (/** @type {unknown} */ error) => this.#refuse(id, -32000, textOf(error));
    try {
      const result = known.act(params);
      if (result instanceof Promise) result.then((value) => this.#answer(id, value), raised);
      else this.#answer(id, result);
    } catch (error) {
      raised(error);
    }
  }

  /** @param {Record<string, unknown>} message */
  #write(message) {
    this.#out(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  /** @param {unknown} id @param {unknown} result */
  #answer(id, result) {
    if (id !== undefined) this.#write({ id, result: result ?? {} });
  }

  /** @param {unknown} id @param {number} code @param {string} message */
  #refuse(id, code, message) {
    if (id === undefined) process.stderr.write(`not carried out: ${message}\n`);
    else this.#write({ id, error: { code, message } });
  }

  #notify = (/** @type {string} */ method, /** @type {Params} */ params) => this.#write({ method, params });

  /** @param {Params} params */
  #settings(params) {
    const { metadata, options = {} } = params;
    return {
      timers: {},
      ...params,
      options: /** @type {Record<string, unknown>} */ (fromTagged(options)),
      binding: params.binding ?? params.codec,
      ...(metadata === undefined ? {} : { metadata: metadata.map(fromTagged) }),
    };
  }

  /** @param {Params} params */
  #connect(params) {
    const { client: handle } = params;
    const dial = (/** @type {Client} */ client) => {
      if (!params.eager) return;
      if (client.dial === undefined) throw new Refusal('the library dials only with a call');
      // Not waited for; what it throws is the library's.
      void client.dial();
    };
    const there = this.#clients.get(handle);
    if (there !== undefined && !this.#closed.has(handle)) return dial(there);
    if (this.#adapter.connect === undefined) throw new Refusal('the library has no client');
    this.#closed.delete(handle);
    const settings = { ...this.#settings(params), url: params.url };
    return then(this.#adapter.connect(new Instance(handle, this.#notify), settings), (client) => {
      this.#clients.set(handle, client);
      dial(client);
    });
  }

  /** @param {Params} params */
  #serve(params) {
    if (this.#adapter.serve === undefined) throw new Refusal('the library has no server');
    return then(this.#adapter.serve(new Instance(params.server, this.#notify), this.#settings(params)), (server) => {
      this.#servers.set(params.server, server);
      return { url: server.url };
    });
  }

  /** @param {Params} params */
  #disconnect(params) {
    const client = this.#clients.get(params.client);
    if (client === undefined) throw new Refusal(`there is no client ${params.client}`);
    this.#closed.add(params.client);
    return then(client.close(), nothing);
  }

  /** @param {Params} params */
  #stop(params) {
    const server = this.#servers.get(params.server);
    if (server === undefined) throw new Refusal(`there is no server ${params.server}`);
    this.#servers.delete(params.server);
    return then(server.stop(params.how), nothing);
  }

  /** @param {Params} params */
  #invoke(params) {
    const handle = params.at ?? params.client;
    const instance = this.#clients.get(handle) ?? this.#servers.get(handle);
    if (instance === undefined) throw new Refusal(`there is no client or server ${handle}`);
    if (instance.invoke === undefined) throw new Refusal('the library makes no calls from a server');
    if (this.#running.has(params.call)) throw new Refusal(`there is a call ${params.call} already`);
    const call = new Call(params, valueIn(params, 'init'), fromTagged(params.metadata), this.#notify);
    const running = instance.invoke(call);
    this.#running.set(call.name, undefined);
    if (running instanceof Promise) running.catch(() => this.#running.delete(call.name));
    return then(running, (there) => {
      this.#running.set(call.name, there);
    });
  }

  /**
   * @param {Params} params
   * @param {keyof Running} method
   * @param {any[]} values
   */
  #act(params, method, ...values) {
    if (!this.#running.has(params.call)) throw new Refusal(`there is no call ${params.call}`);
    const running = this.#running.get(params.call);
    /** @type {((...values: any[]) => unknown) | undefined} */
    const act = running?.[method];
    if (act === undefined) throw new Refusal(`the library cannot ${method} on such a call`);
    return then(act.apply(running, values), nothing);
  }
}

/**
 * What a request says under `value`, or under the name that this had before.
 *
 * @param {Params} params
 * @param {string} before
 */
function valueIn(params, before) {
  return fromTagged(Object.hasOwn(params, 'value') ? params.value : params[before]);
}

/** @param {unknown} error */
function textOf(error) {
  if (error instanceof Refusal) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/**
 * An adapter's main: the conversation on stdin and stdout, until stdin ends.
 *
 * @param {Adapter} adapter
 */
export function run(adapter) {
  const conversation = new Conversation(adapter, takeStdout());
  eachLine(process.stdin, (line) => conversation.receive(line));
  process.stdin.on('end', () => process.exit(0));
}
