import type { PeerEvents } from '../../protocols/common/control.ts';
import type { CancelTimer, Environment } from '../../protocols/common/environment.ts';
import { type ConnectError, failure, shownError } from '../../protocols/connect/errors.ts';
import { joinedMetadata, type Metadata, unwritableIn } from '../../protocols/connect/metadata.ts';
import type { Procedure } from '../../protocols/connect/schema.ts';
import { type AnswerReader, readAnswer, type Told } from './answer.ts';
import type { Connection } from './connection.ts';
import { streamEnd, streamHead, streamMessage, unaryRequest } from './request.ts';
import type { ClientSettings } from './settings.ts';

/** How a call begins. */
export interface CallStart {
  readonly call: string;
  readonly procedure: Procedure;
  readonly byGet: boolean;
  readonly value: unknown;
  readonly metadata: Metadata;
}

/** One call of a client. It ends once, whatever happens. */
export class Call {
  readonly #start: CallStart;
  readonly #settings: ClientSettings;
  readonly #connection: Connection;
  readonly #events: PeerEvents;
  #reader: AnswerReader | undefined;
  #leading: Metadata = {};
  #isOver = false;
  #isFinished = false;
  #stopTimer: CancelTimer = () => {};

  constructor(start: CallStart, settings: ClientSettings, connection: Connection, environment: Environment, events: PeerEvents) {
    this.#start = start;
    this.#settings = settings;
    this.#connection = connection;
    this.#events = events;
    const unwritable = unwritableIn(start.metadata);
    if (unwritable !== undefined) {
      this.#end(failure('invalid_argument', `metadata ${unwritable} is none that a field can hold`), {});
      return;
    }
    connection.begin({
      head: (head) => {
        this.#reader = readAnswer(head, start.procedure, settings, this.#told);
      },
      data: (bytes) => this.#reader?.data(bytes),
      over: (isWhole) => {
        if (this.#reader === undefined) this.#end(failure('unavailable', 'the connection was lost before there was an answer'), {});
        else this.#reader.finish(isWhole);
      },
    });
    if (settings.timeoutMs > 0) {
      this.#stopTimer = environment.after(settings.timeoutMs, () => this.#giveUp(failure('deadline_exceeded', 'the time is up')));
    }
    this.#write();
  }

  send(value: unknown): void {
    if (this.#isFinished) throw new Error(`send: all requests of ${this.#start.call} were sent`);
    if (!this.#isOver) this.#connection.write(streamMessage(this.#start.procedure, this.#settings, value));
  }

  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    if (this.#isOver) return;
    this.#connection.write(streamEnd);
    this.#connection.written();
  }

  cancel(): void {
    this.#giveUp(failure('canceled', 'the caller gave it up'));
  }

  #write(): void {
    const { procedure, value, metadata, byGet } = this.#start;
    if (procedure.kind === 'unary') {
      this.#connection.write(...unaryRequest(procedure, this.#settings, value, metadata, byGet));
      this.#isFinished = true;
      this.#connection.written();
      return;
    }
    this.#connection.write(streamHead(procedure, this.#settings, metadata));
    if (procedure.kind !== 'server-stream') return;
    this.send(value);
    this.finish();
  }

  readonly #told: Told = {
    start: (metadata) => {
      if (this.#isOver) return;
      this.#leading = metadata;
      this.#events.start({ call: this.#start.call, metadata });
    },
    message: (value) => {
      if (!this.#isOver) this.#events.message({ call: this.#start.call, result: { ok: true, value } });
    },
    end: (error, trailing) => this.#end(error, trailing),
  };

  #giveUp(error: ConnectError): void {
    if (this.#isOver) return;
    this.#connection.abandon();
    this.#end(error, {});
  }

  #end(error: ConnectError | undefined, trailing: Metadata): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopTimer();
    const { call } = this.#start;
    if (error !== undefined) {
      const { code, message, details } = shownError(error);
      const metadata = joinedMetadata(this.#leading, trailing);
      this.#events.message({ call, result: { ok: false, error: { code: code ?? 'unknown', message, extras: details, metadata } } });
    }
    this.#events.end({ call, metadata: trailing });
  }
}
