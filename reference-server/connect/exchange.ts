import { listOf, type RequestHead, readHead } from '../../protocols/carriers/http/head.ts';
import { headBytes } from '../../protocols/carriers/http/write.ts';
import { concatenate } from '../../protocols/common/byte-queue.ts';
import type { PeerEvents } from '../../protocols/common/control.ts';
import type { CancelTimer, Environment } from '../../protocols/common/environment.ts';
import type { MessageFrame } from '../../protocols/common/frame.ts';
import { MOST_KEPT_BYTES } from '../../protocols/common/limits.ts';
import { Room } from '../../protocols/common/room.ts';
import { decompress } from '../../protocols/connect/content.ts';
import { FLAG, readEnvelope } from '../../protocols/connect/envelope.ts';
import { type ConnectError, failure } from '../../protocols/connect/errors.ts';
import { messageBytes } from '../../protocols/connect/get.ts';
import { splitFields } from '../../protocols/connect/metadata.ts';
import { readMessage, type Value } from '../../protocols/connect/schema.ts';
import { type Admitted, admit } from './admission.ts';
import { type Answer, type Beside, startAnswer, statusLine, type Write } from './answer.ts';
import type { Handler } from './handler.ts';
import type { ServerSettings } from './settings.ts';

/** Tells who waits with its body to go on (CONNECT-UNARY-26). */
const GO_ON = headBytes('HTTP/1.1 100 Continue', []);

/** What an exchange has of its surroundings. */
export interface ExchangeParts {
  readonly environment: Environment;
  readonly events: PeerEvents;
  readonly settings: ServerSettings;
  /** Writes when it is this exchange's turn. */
  readonly write: Write;
  /** The answer was written. */
  readonly done: () => void;
}

/** One request and its answer. */
export class Exchange {
  readonly head: RequestHead | undefined;
  readonly call: Admitted | undefined;
  /** A script answers it. */
  readonly isManual: boolean;
  readonly #parts: ExchangeParts;
  readonly #run: string;
  readonly #began: number;
  readonly #body: Uint8Array[] = [];
  #length = 0;
  readonly #beside: Beside = { leading: {}, trailing: {} };
  #requests = 0;
  /** For its messages: somebody may keep them until no more come. */
  readonly #room = new Room();
  /** Of a handler with one request: that one, until it is known that no other comes. */
  #only: Value | undefined;
  #answer: Answer | undefined;
  #handler: Handler | undefined;
  #isOver = false;
  #isRead = false;
  readonly #timers = new Set<CancelTimer>();

  constructor(frame: MessageFrame, parts: ExchangeParts) {
    this.#parts = parts;
    this.#began = parts.environment.now();
    this.#isRead = frame.part?.last === true;
    this.#run = parts.settings.nextRun();
    const read = readHead(frame.data, 'request');
    if (!read.ok || read.value.kind !== 'request') {
      this.isManual = false;
      this.#away(400, 'Bad Request', []);
      return;
    }
    this.head = read.value;
    const admission = admit(read.value, parts.settings.hosted.procedures, parts.settings.compresses);
    if (!admission.ok) {
      this.isManual = false;
      this.#away(admission.status, admission.reason, admission.fields);
      return;
    }
    this.call = admission.call;
    this.isManual = parts.settings.manual.has(this.call.procedure.name);
    if (this.isManual) {
      // Later than now: whoever makes this exchange has still to know it.
      if (this.isReady) parts.environment.after(0, () => this.#tell('started'));
      return;
    }
    this.#begin(this.call, read.value);
  }

  /** Whether a script may answer it: all of the request is there, or more of it may come for long. */
  get isReady(): boolean {
    return this.#isRead || this.call?.procedure.kind === 'client-stream' || this.call?.procedure.kind === 'bidi-stream';
  }

  /** A further frame of the request. */
  take(frame: MessageFrame): void {
    const wasReady = this.isReady;
    if (frame.part?.last === true) this.#isRead = true;
    if (this.isManual && !wasReady && this.isReady) this.#tell('started');
    if (this.#isOver || this.isManual || this.call === undefined) return;
    if (frame.kind === 'torn' || frame.kind === 'broken') {
      this.#fail(failure('invalid_argument', 'the request ended before it was whole'));
      return;
    }
    if (this.call.procedure.kind === 'unary') this.#takeBody(this.call, frame);
    else this.#takeMessage(this.call, frame);
  }

  /** The connection is gone, or its caller is. */
  leave(): void {
    if (this.#isOver) return;
    this.#tell('cancelled');
    this.#end();
  }

  /** A script has written all of the answer. */
  answered(): void {
    if (this.#isOver) return;
    this.#end();
    this.#parts.done();
  }

  #begin(call: Admitted, head: RequestHead): void {
    this.#answer = startAnswer(call, this.#beside, this.#parts.write);
    if (call.error !== undefined) {
      this.#fail(call.error);
      return;
    }
    if (!this.#isRead && head.version !== '1.0' && listOf(head.fields, 'expect').includes('100-continue')) this.#parts.write(GO_ON);
    if (call.timeoutMs !== undefined) {
      this.#later(call.timeoutMs, () => {
        this.#tell('cancelled');
        this.#fail(failure('deadline_exceeded', 'the time is up'));
      });
    }
    if (call.procedure.kind === 'unary') {
      if (head.method === 'GET') this.#takeGet(call, head.target);
      else if (this.#isRead) this.#receive(call, new Uint8Array());
      return;
    }
    this.#start(call);
    if (this.#isRead) this.#close(call);
  }

  #takeGet(call: Admitted, target: string): void {
    let bytes: Uint8Array | undefined;
    try {
      bytes = messageBytes(target, this.#parts.settings.readMaxBytes);
    } catch (error) {
      this.#fail(error instanceof RangeError ? this.#tooLarge() : failure('invalid_argument', String(error)));
      return;
    }
    if (bytes === undefined) this.#fail(failure('invalid_argument', 'the query has no message'));
    else this.#decode(call, bytes);
  }

  #takeBody(call: Admitted, frame: MessageFrame): void {
    if (frame.kind === 'data') {
      this.#body.push(frame.data);
      this.#length += frame.data.length;
    }
    if (this.#length > this.#parts.settings.readMaxBytes) this.#fail(this.#tooLarge());
    else if (this.#isRead) this.#receive(call, concatenate(this.#body));
  }

  #takeMessage(call: Admitted, frame: MessageFrame): void {
    if (frame.kind === 'data') {
      const envelope = readEnvelope(frame.data);
      if (envelope === undefined) {
        this.#fail(failure('invalid_argument', 'an envelope is not whole'));
        return;
      }
      const { flags, data } = envelope;
      if ((flags & ~FLAG.COMPRESSED) !== 0) this.#fail(failure('internal', `flags ${flags} of an envelope are none of a request`));
      else if ((flags & FLAG.COMPRESSED) !== 0 && call.encoding === 'identity')
        this.#fail(failure('internal', 'a message is compressed without an encoding'));
      else if (data.length > this.#parts.settings.readMaxBytes) this.#fail(this.#tooLarge());
      else this.#receive({ ...call, encoding: (flags & FLAG.COMPRESSED) === 0 ? 'identity' : call.encoding }, data);
    }
    if (this.#isRead && !this.#isOver) this.#close(call);
  }

  #receive(call: Admitted, bytes: Uint8Array): void {
    let plain: Uint8Array;
    try {
      plain = decompress(bytes, call.encoding, this.#parts.settings.readMaxBytes);
    } catch (error) {
      this.#fail(error instanceof RangeError ? this.#tooLarge() : failure('invalid_argument', 'the message is not compressed as it says'));
      return;
    }
    if (plain.length > this.#parts.settings.readMaxBytes) this.#fail(this.#tooLarge());
    else this.#decode(call, plain);
  }

  #decode(call: Admitted, bytes: Uint8Array): void {
    let value: Value;
    try {
      value = readMessage(call.procedure.input, call.codec, bytes, call.procedure.registry);
    } catch {
      this.#fail(failure('invalid_argument', 'the message cannot be read'));
      return;
    }
    this.#requests += 1;
    this.#room.take(bytes.length);
    if (this.#room.isExhausted && this.#requests > 1) {
      this.#fail(failure('resource_exhausted', `the messages of this call are more than ${MOST_KEPT_BYTES} bytes together`));
      return;
    }
    if (call.procedure.kind === 'unary') {
      this.#start(call, value);
      return;
    }
    if (call.procedure.kind === 'server-stream' && this.#requests > 1) {
      this.#fail(failure('unimplemented', 'there is more than one request'));
      return;
    }
    this.#tell('request', value);
    // A handler with one request runs once it is known to be the only one.
    if (call.procedure.kind === 'server-stream') this.#only = value;
    else this.#handler?.request(value);
  }

  #close(call: Admitted): void {
    if (call.procedure.kind === 'server-stream') {
      if (this.#requests === 0) {
        this.#fail(failure('unimplemented', 'there is no request'));
        return;
      }
      this.#handler?.request(this.#only ?? {});
      return;
    }
    this.#tell('requests-closed');
    this.#handler?.closed();
  }

  #start(call: Admitted, value?: Value): void {
    this.#tell('started', value);
    const behaviour = this.#parts.settings.hosted.behaviours[call.procedure.name];
    if (behaviour === undefined || this.head === undefined) {
      this.#fail(failure('unimplemented'));
      return;
    }
    this.#handler = behaviour({
      said: { head: this.head, timeoutMs: call.timeoutMs },
      beside: (beside) => Object.assign(this.#beside, beside),
      begin: () => {
        if (!this.#isOver) this.#answer?.begin();
      },
      send: (answer) => {
        if (!this.#isOver) this.#answer?.send(answer);
      },
      finish: (error) => {
        if (this.#isOver) return;
        this.#tell('finished');
        this.#conclude(error);
      },
      left: () => (call.timeoutMs === undefined ? undefined : call.timeoutMs - (this.#parts.environment.now() - this.#began)),
      after: (ms, happen) => {
        if (ms === 0) happen();
        else this.#later(ms * this.#parts.settings.timeScale, happen);
      },
    });
    if (value !== undefined) this.#handler.request(value);
  }

  #fail(error: ConnectError): void {
    if (this.#isOver) return;
    this.#conclude(error);
  }

  #conclude(error: ConnectError | undefined): void {
    this.#answer?.finish(error);
    this.#end();
    this.#parts.done();
  }

  #away(status: number, reason: string, fields: readonly { readonly name: string; readonly value: string }[]): void {
    this.#parts.write(headBytes(statusLine(status, reason), [...fields, { name: 'Content-Length', value: '0' }]));
    this.#end();
    // Whoever made this exchange has still to hear of it.
    this.#parts.environment.after(0, () => this.#parts.done());
  }

  #end(): void {
    this.#isOver = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #later(ms: number, happen: () => void): void {
    const cancel = this.#parts.environment.after(ms, () => {
      this.#timers.delete(cancel);
      if (!this.#isOver) happen();
    });
    this.#timers.add(cancel);
  }

  #tooLarge(): ConnectError {
    return failure('resource_exhausted', `a message is larger than ${this.#parts.settings.readMaxBytes} bytes`);
  }

  #tell(event: 'started' | 'request' | 'requests-closed' | 'cancelled' | 'finished', value?: Value): void {
    const { events, settings } = this.#parts;
    const metadata = event === 'started' && this.head !== undefined ? splitFields(this.head.fields).leading : undefined;
    events.handler({
      instance: settings.instance,
      procedure: this.call?.procedure.name ?? '',
      run: this.#run,
      event,
      ...(value === undefined ? {} : { value }),
      ...(metadata === undefined ? {} : { metadata }),
    });
  }
}
