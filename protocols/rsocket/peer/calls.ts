import { named } from '../../common/named.ts';
import { MAX_31 } from '../frame.ts';
import type { Payload } from '../frames.ts';
import { requestMetadata } from '../metadata.ts';
import { bytesOf, payloadOf, type RSocketValue, readValue } from '../value.ts';
import type { RunningCall } from './running-call.ts';
import type { Session } from './session.ts';
import { type CallKind, callKinds, type RequesterSink } from './sinks.ts';

/** What an application reads from a call. */
export type Reading =
  | { readonly ok: true; readonly value: RSocketValue; readonly metadata: RSocketValue | undefined }
  | { readonly ok: false; readonly code: string; readonly text: string };

/** Told of what the calls of one peer read. After `end` nothing of that call follows. */
export interface CallEvents {
  message(call: string, reading: Reading): void;
  end(call: string): void;
}

/** How a call starts; values are plain. */
export interface Start {
  readonly call: string;
  readonly kind: string;
  readonly procedure: string | undefined;
  readonly value: unknown;
  readonly metadata: unknown;
  readonly credit: number | undefined;
}

const requestTypes = {
  'request-response': 'REQUEST_RESPONSE',
  'request-stream': 'REQUEST_STREAM',
  'request-channel': 'REQUEST_CHANNEL',
} as const;

/** A call whose connection is not there yet. */
class WaitingCall implements RunningCall {
  readonly streamId = undefined;
  readonly #ended: () => void;
  #asked: ((call: RunningCall) => void)[] = [];
  #cancelled = false;

  constructor(ended: () => void) {
    this.#ended = ended;
  }

  get isCancelled(): boolean {
    return this.#cancelled;
  }

  /** Asks of the call that has begun what was asked of this one. */
  hand(call: RunningCall): void {
    for (const ask of this.#asked.splice(0)) ask(call);
  }

  send(payload: Payload): void {
    this.#asked.push((call) => call.send(payload));
  }

  finish(): void {
    this.#asked.push((call) => call.finish());
  }

  fail(code: string | number, text: string): void {
    this.#asked.push((call) => call.fail(code, text));
  }

  credit(n: number): void {
    this.#asked.push((call) => call.credit(n));
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#ended();
  }
}

/** The calls of one peer by their handles, on whichever session each was made. */
export class Calls {
  readonly #events: CallEvents;
  readonly #running = new Map<string, RunningCall>();

  constructor(events: CallEvents) {
    this.#events = events;
  }

  /**
   * Takes a call on; it starts with the session that the answer is given, and what is asked of it until then waits. Throws an Error on an
   * unknown kind, a handle that is taken, or a value that is neither text nor bytes.
   */
  invoke(start: Start): (session: Session) => void {
    const { call } = start;
    const kind = kindNamed(start.kind);
    if (this.#running.has(call)) throw new Error(`a call named "${call}" exists already`);
    const own = start.metadata === undefined ? undefined : bytesOf(start.metadata);
    const metadata = start.procedure === undefined || kind === 'metadata-push' ? own : requestMetadata(start.procedure, own);
    const payload = { data: bytesOf(start.value), metadata };
    if (kind === 'metadata-push' || kind === 'fire-and-forget') {
      return (session) => {
        // Nobody is told the end of what has none.
        if (session.over !== undefined) return;
        if (kind === 'metadata-push') session.push(metadata ?? new Uint8Array());
        else session.fireAndForget(payload);
      };
    }
    const sink = this.#sink(call);
    const waiting = new WaitingCall(() => sink.complete());
    this.#running.set(call, waiting);
    return (session) => {
      if (waiting.isCancelled) return;
      const type = requestTypes[kind];
      this.#running.set(call, session.request(type, payload, start.credit ?? MAX_31, sink));
      waiting.hand(this.#find(call));
    };
  }

  /** One more item of a channel. */
  send(call: string, value: unknown, metadata: unknown): void {
    this.#find(call).send(payloadOf(value, metadata));
  }

  /** No more items of a channel; an error ends both its directions. */
  finish(call: string, error: { readonly code: string | number; readonly message: string } | undefined): void {
    if (error === undefined) this.#find(call).finish();
    else this.#find(call).fail(error.code, error.message);
  }

  credit(call: string, n: number): void {
    this.#find(call).credit(n);
  }

  cancel(call: string): void {
    this.#find(call).cancel();
  }

  /** The stream of a call; undefined where it has none yet. */
  streamId(call: string): number | undefined {
    return this.#running.get(call)?.streamId;
  }

  #sink(call: string): RequesterSink {
    return {
      item: ({ data, metadata }) => {
        const value = readValue(data);
        this.#events.message(call, { ok: true, value, metadata: metadata === undefined ? undefined : readValue(metadata) });
      },
      complete: () => this.#events.end(call),
      failed: ({ code, text }) => {
        this.#events.message(call, { ok: false, code, text });
        this.#events.end(call);
      },
    };
  }

  #find(call: string): RunningCall {
    return named(this.#running, 'call', call);
  }
}

function kindNamed(name: string): CallKind {
  const kind = callKinds.find((known) => known === name);
  if (kind === undefined) throw new Error(`unknown kind of call "${name}": expected one of ${callKinds.join(', ')}`);
  return kind;
}
