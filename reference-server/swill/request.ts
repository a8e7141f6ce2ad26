import { streamsUp } from '../../protocols/swill/calls.ts';
import { CODES, type Metadata, type RequestFrame, type Seq } from '../../protocols/swill/frame.ts';
import { Answer, INTERNAL } from './answer.ts';
import { ApplicationError, type ConnectionFacts, type GivenError, type Handler, type Outlet, type Procedure } from './handler.ts';
import type { Decision, Stage } from './hooks.ts';
import { NO_METADATA, type ServerSettings } from './settings.ts';
import { Steps } from './steps.ts';
import { check } from './types.ts';

/** What a request needs of its connection. */
export interface RequestParts {
  readonly settings: ServerSettings;
  readonly connection: ConnectionFacts;
  write(bytes: Uint8Array): void;
  /** The close signal. */
  close(code: number, reason: string): void;
  /** It is over, and its seq is free. */
  over(): void;
}

const PROTOCOL_ERROR = 'The frame does not fit the request';

/**
 * One request of a client, from its first frame to the end. What comes is taken in the order in which it came, whatever hooks wait for
 * (SWILL-ROBUST-03); what goes out likewise. It ends once: by its answer, its last item, an ERROR, a CLOSE or with its connection.
 */
export class Request {
  readonly seq: Seq;
  readonly rpc: string;
  readonly procedure: Procedure;
  readonly #parts: RequestParts;
  readonly #run: string;
  readonly #incoming = new Steps();
  readonly #answer: Answer;
  readonly #cancels: (() => void)[] = [];
  readonly #metadata: Metadata;
  #handler: Handler | undefined;
  #state: 'opening' | 'open' | 'over' = 'opening';
  /** Hooks have heard of it, so that they will hear of its end. */
  #began = false;
  #taken = 0;
  #endSeen = false;

  constructor(frame: RequestFrame, procedure: Procedure, parts: RequestParts) {
    this.seq = frame.seq;
    this.rpc = frame.rpc;
    this.procedure = procedure;
    this.#parts = parts;
    this.#metadata = frame.metadata ?? NO_METADATA;
    this.#run = parts.settings.run(frame.rpc);
    this.#answer = new Answer({
      ...{ seq: frame.seq, procedure, write: parts.write },
      isOver: () => this.isOver,
      end: () => this.#end('finished'),
      hook: (...step) => this.#hook(...step),
    });
    this.#incoming.add((done) => this.#begin(frame, done));
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  /** A further frame of this request. */
  take(frame: RequestFrame): void {
    this.#incoming.add((done) => {
      if (this.isOver) done();
      else this.#hook('before_request_data', frame.data, done, () => this.#further(frame, done));
    });
  }

  /** Ends it with an error. */
  fail(error: GivenError): void {
    this.#answer.fail(error);
  }

  /** It is given up, by its client or with its connection: nothing goes out any more, and the handler is told at once (SWILL-CLOSE-04). */
  cancel(how: 'cancelled' | 'disconnected'): void {
    if (!this.isOver) this.#end(how);
  }

  #begin(frame: RequestFrame, done: () => void): void {
    this.#began = true;
    this.#hook('before_request', undefined, done, () => {
      const go = (): void => this.#hook('before_request_data', frame.data, done, () => this.#open(frame, done));
      if (frame.metadata === null) go();
      else this.#hook('before_request_metadata', frame.metadata, done, go);
    });
  }

  #open(frame: RequestFrame, done: () => void): void {
    const up = streamsUp(this.procedure.kind);
    if (frame.type === 'METADATA' && !up) {
      this.fail({ code: CODES.badRequest, message: PROTOCOL_ERROR });
      done();
      return;
    }
    if (frame.type === 'MESSAGE') this.#message(frame.data, done);
    else {
      this.#start(undefined);
      done();
    }
  }

  #further(frame: RequestFrame, done: () => void): void {
    const up = streamsUp(this.procedure.kind);
    switch (frame.type) {
      case 'CLOSE':
        this.cancel('cancelled');
        done();
        return;
      case 'METADATA':
        // What comes behind the end is dropped.
        if (!this.#endSeen) this.fail({ code: CODES.badRequest, message: PROTOCOL_ERROR });
        done();
        return;
      case 'END_OF_STREAM':
        if (!up) this.fail({ code: CODES.badRequest, message: PROTOCOL_ERROR });
        else if (!this.#endSeen) {
          this.#endSeen = true;
          this.#tell('requests-closed');
          this.#guarded(() => this.#handler?.ended?.());
        }
        done();
        return;
      case 'MESSAGE':
        // P12: a second message of a single request, and what comes behind the end, is dropped.
        if (!up || this.#endSeen) done();
        else this.#message(frame.data, done);
    }
  }

  /** Checks a message, and lets the handler have it (SWILL-VALID-01). */
  #message(data: unknown, done: () => void): void {
    const checked = check(this.procedure.request, data);
    if (!checked.ok) {
      if (checked.why === 'type') this.fail({ code: CODES.invalid, message: 'The data is not of the declared type' });
      else this.fail({ code: CODES.invalid, message: 'Validation Error', data: checked.findings });
      done();
      return;
    }
    this.#hook('before_request_message', checked.value, done, () => {
      if (!this.isOver && !this.#answer.isFinishing) {
        if (this.#taken === 0 && this.#state === 'opening') this.#start(checked.value);
        else this.#tell('request', checked.value);
        this.#taken += 1;
        this.#guarded(() => this.#handler?.message(checked.value as never));
      }
      done();
    });
  }

  #start(value: unknown): void {
    this.#state = 'open';
    this.#tell('started', value, this.#metadata);
    if (this.#parts.settings.manual.has(this.rpc)) return;
    this.#guarded(() => {
      this.#handler = this.procedure.run(this.#outlet());
    });
  }

  #outlet(): Outlet {
    const { settings, connection } = this.#parts;
    return {
      metadata: this.#metadata,
      connection,
      send: (value) => this.#answer.send(value),
      finish: () => this.#answer.finish(),
      fail: (error) => this.fail(error),
      lead: (metadata, when) => this.#answer.lead(metadata, when),
      trail: (metadata) => this.#answer.trail(metadata),
      after: (ms, happen) => {
        const cancel = settings.environment.after(ms * settings.options.timeScale, () => this.#guarded(happen));
        this.#cancels.push(cancel);
      },
      close: (code, reason) => this.#parts.close(code, reason),
    };
  }

  /** What a handler throws: its own error, or what nobody outside is told (SWILL-ERR-05). */
  #guarded(act: () => void): void {
    if (this.isOver) return;
    try {
      act();
    } catch (error) {
      if (error instanceof ApplicationError) {
        const { code, message } = error;
        this.fail({ code, message, ...('data' in error ? { data: error.data } : {}) });
      } else this.fail({ code: CODES.internal, message: INTERNAL });
    }
  }

  /** Runs a hook and goes on, unless the request is over by then or the hook decides otherwise. */
  #hook(stage: Stage, value: unknown, done: () => void, then: () => void): void {
    this.#parts.settings.hooks.run(stage, { rpc: this.rpc, seq: this.seq, value }, (decision) => {
      if (this.isOver) done();
      else if (decision === undefined) then();
      else {
        this.#decide(decision);
        done();
      }
    });
  }

  #decide(decision: Decision): void {
    if (decision.kind === 'close') this.#parts.close(decision.code, decision.reason);
    else {
      this.#answer.failInstead({
        code: decision.kind === 'fail' ? decision.code : CODES.forbidden,
        message: decision.kind === 'fail' ? decision.message : 'refused',
      });
    }
  }

  #tell(
    event: 'started' | 'request' | 'requests-closed' | 'cancelled' | 'disconnected' | 'finished',
    value?: unknown,
    metadata?: unknown,
  ): void {
    this.#parts.settings.tell(this.rpc, this.#run, event, value, metadata);
  }

  /** After it nothing of this request is heard or said; its handler cleans up, and hooks hear of it once (SWILL-HOOK-11). */
  #end(how: 'finished' | 'cancelled' | 'disconnected'): void {
    const ran = this.#state === 'open';
    this.#state = 'over';
    for (const cancel of this.#cancels.splice(0)) cancel();
    if (ran) {
      if (how !== 'finished') this.#tell(how);
      this.#tell('finished');
    }
    if (this.#began) this.#parts.settings.hooks.run('after_request', { rpc: this.rpc, seq: this.seq }, () => {});
    this.#parts.over();
  }
}
