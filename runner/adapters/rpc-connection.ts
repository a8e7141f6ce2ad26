import { excerptOf, formatRequest, type Incoming, MAX_LINE_BYTES, parseLine, type RpcError } from './json-rpc.ts';
import { createLineSplitter, type LineEvent } from './line-splitter.ts';

/** How a request ended. */
export type Reply =
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'error'; readonly error: RpcError }
  /** No answer in time. */
  | { readonly type: 'late' }
  /** The connection ended first. */
  | { readonly type: 'closed' };

/** What a connection needs and tells. */
export interface ConnectionOptions {
  write(text: string): void;
  /** `bytes`: length of its line. */
  notification(method: string, params: unknown, bytes: number): void;
  /** An answer came to a request that was no longer waited for. */
  late?(id: number): void;
  /** The adapter broke the control protocol; `fatal` where nothing sensible can follow on this connection. */
  problem(description: string, fatal: boolean): void;
  /** Runs `callback` after `ms`; gives the function that stops it. */
  after(ms: number, callback: () => void): () => void;
  readonly maxLineBytes?: number;
}

/** The runner's end of one adapter's stdin and stdout. */
export interface RpcConnection {
  /** Sends a request; always settles, after `boundMs` at the latest. Never rejects. */
  request(method: string, params: unknown, boundMs: number): Promise<Reply>;
  push(chunk: Uint8Array): void;
  /** The adapter's output has ended, whatever else is still to be known of it: reports a half line. */
  outputEnded(): void;
  /** The adapter's output has ended: reports a half line and closes all pending requests. */
  end(): void;
}

interface Pending {
  settle(reply: Reply): void;
}

/** Makes a connection. Nothing that the other end writes makes it throw. */
export function createConnection(options: ConnectionOptions): RpcConnection {
  const splitter = createLineSplitter(options.maxLineBytes ?? MAX_LINE_BYTES);
  const pending = new Map<number, Pending>();
  const expired = new Set<number>();
  let nextId = 1;
  let closed = false;

  function answer(id: number, reply: Reply): void {
    const request = pending.get(id);
    if (request !== undefined) {
      request.settle(reply);
    } else if (expired.delete(id)) {
      options.late?.(id);
    } else {
      const never = !Number.isInteger(id) || id < 1 || id >= nextId;
      options.problem(never ? `an answer to request ${id}, which was never made` : `a second answer to request ${id}`, false);
    }
  }

  function receive(message: Incoming, bytes: number): void {
    switch (message.type) {
      case 'garbage':
        options.problem(`${message.reason}: ${message.excerpt}`, false);
        break;
      case 'notification':
        options.notification(message.method, message.params, bytes);
        break;
      case 'result':
        answer(message.id, { type: 'result', result: message.result });
        break;
      case 'error':
        if (message.id === null) options.problem(`an error without a request: ${message.error.message}`, false);
        else answer(message.id, { type: 'error', error: message.error });
        break;
    }
  }

  function take(event: LineEvent): void {
    switch (event.type) {
      case 'line':
        receive(parseLine(event.bytes), event.bytes.length);
        break;
      case 'overlong':
        options.problem(`a line longer than ${event.limit} bytes`, true);
        break;
      case 'half':
        options.problem(`the output ended inside a line: ${excerptOf(event.bytes)}`, true);
        break;
    }
  }

  function outputEnded(): void {
    for (const event of splitter.end()) take(event);
  }

  return {
    request(method, params, boundMs) {
      if (closed) return Promise.resolve({ type: 'closed' });
      const id = nextId;
      nextId += 1;
      return new Promise((resolve) => {
        const stopTimer = options.after(boundMs, () => {
          pending.delete(id);
          expired.add(id);
          resolve({ type: 'late' });
        });
        pending.set(id, {
          settle(reply) {
            stopTimer();
            pending.delete(id);
            resolve(reply);
          },
        });
        options.write(formatRequest(id, method, params));
      });
    },
    push(chunk) {
      for (const event of splitter.push(chunk)) take(event);
    },
    outputEnded,
    end() {
      if (closed) return;
      closed = true;
      outputEnded();
      for (const request of [...pending.values()]) request.settle({ type: 'closed' });
    },
  };
}
