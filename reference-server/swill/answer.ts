import { streamsDown } from '../../protocols/swill/calls.ts';
import { responseBytes } from '../../protocols/swill/encode.ts';
import { CODES, type Metadata, type ResponseFrame, type Seq } from '../../protocols/swill/frame.ts';
import type { GivenError, Procedure } from './handler.ts';
import type { Stage } from './hooks.ts';
import { Steps } from './steps.ts';
import { isOf } from './types.ts';

/** What an answer needs of its request. */
export interface AnswerParts {
  readonly seq: Seq;
  readonly procedure: Procedure;
  write(bytes: Uint8Array): void;
  /** Nothing goes out any more. */
  isOver(): boolean;
  /** The last frame was written. */
  end(): void;
  /** Runs a hook, then goes on, unless the request is over by then. */
  hook(stage: Stage, value: unknown, done: () => void, then: () => void): void;
}

/** What nobody outside is told more of. */
export const INTERNAL = 'An internal server error occurred';

/** What goes out for a request, in the order in which it was said, whatever hooks wait for (SWILL-ROBUST-03). Its last frame is the last. */
export class Answer {
  readonly #parts: AnswerParts;
  readonly #outgoing = new Steps();
  #finishing = false;
  #leading: Metadata | undefined;
  #led = false;
  #spoke = false;
  #trailing: Metadata | undefined;

  constructor(parts: AnswerParts) {
    this.#parts = parts;
  }

  /** Its last frame was said, and may still wait. */
  get isFinishing(): boolean {
    return this.#finishing;
  }

  get isOver(): boolean {
    return this.#parts.isOver();
  }

  /** Ends it with an error, which is final (SWILL-ERR-06). */
  fail(error: GivenError): void {
    if (this.isOver || this.#finishing) return;
    this.#finishing = true;
    const { code, message } = error;
    this.#outgoing.add((done) => {
      if (this.isOver) return;
      this.write({ type: 'ERROR', data: { code, message, ...('data' in error ? { data: error.data } : {}) } });
      this.#parts.end();
      done();
    });
  }

  /** What was to be sent is replaced by an error. */
  failInstead(error: GivenError): void {
    this.#finishing = false;
    this.fail(error);
  }

  /** A message: of a single answer the only one, of a stream an item. */
  send(value: unknown): void {
    if (this.#finishing || this.isOver) return;
    if (!isOf(this.#parts.procedure.response, value)) {
      this.fail({ code: CODES.internal, message: INTERNAL });
      return;
    }
    const single = !streamsDown(this.#parts.procedure.kind);
    if (single) this.#finishing = true;
    this.#spoke = true;
    this.#outgoing.add((done) => {
      this.#leadingHook(done, () => {
        this.#parts.hook('before_response_message', value, done, () => {
          const write = (): void => {
            if (this.isOver) return;
            this.write({ data: value, leading: this.#takeLeading(), trailing: single ? (this.#trailing ?? null) : null });
            if (single) this.#parts.end();
            done();
          };
          if (single) this.#parts.hook('before_trailing_metadata', this.#trailing ?? null, done, write);
          else write();
        });
      });
    });
  }

  /** The end of a stream. */
  finish(): void {
    if (this.#finishing || this.isOver) return;
    this.#finishing = true;
    this.#outgoing.add((done) => {
      this.#leadingHook(done, () => {
        this.#parts.hook('before_trailing_metadata', this.#trailing ?? null, done, () => {
          if (this.isOver) return;
          this.write({ type: 'END_OF_STREAM', leading: this.#takeLeading(), trailing: this.#trailing ?? null });
          this.#parts.end();
          done();
        });
      });
    });
  }

  /** Leading metadata, once and before all else (SWILL-META-07 to 10). Throws where it is too late. */
  lead(metadata: Metadata, when: 'now' | 'with-data'): void {
    if (this.#led || this.#spoke || this.#leading !== undefined) throw new Error('leading metadata a second time, or too late');
    this.#leading = metadata;
    if (when === 'now') this.#sendLeading();
  }

  /** Metadata for the last frame. */
  trail(metadata: Metadata): void {
    this.#trailing = metadata;
  }

  #sendLeading(): void {
    this.#outgoing.add((done) => {
      this.#leadingHook(done, () => {
        if (!this.isOver) this.write({ type: 'METADATA', leading: this.#takeLeading() });
        done();
      });
    });
  }

  /** SWILL-HOOK-08: once, before the frame that carries it. */
  #leadingHook(done: () => void, then: () => void): void {
    if (this.#leading === undefined || this.#led) then();
    else this.#parts.hook('before_leading_metadata', this.#leading, done, then);
  }

  /** P14: what is sent first carries it. */
  #takeLeading(): Metadata | null {
    if (this.#led || this.#leading === undefined) return null;
    this.#led = true;
    return this.#leading;
  }

  /** Writes a frame of this request. */
  write(frame: { type?: ResponseFrame['type']; data?: unknown; leading?: Metadata | null; trailing?: Metadata | null }): void {
    this.#parts.write(responseBytes({ seq: this.#parts.seq, ...frame }));
  }
}
