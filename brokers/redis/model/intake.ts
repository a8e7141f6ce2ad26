import { wordsIn } from '../../../protocols/carriers/resp/inline.ts';
import { lineEnd, plainNumber } from '../../../protocols/carriers/resp/lines.ts';
import { ByteQueue } from '../../../protocols/common/byte-queue.ts';
import { int64, raw } from './words.ts';

/** What a connection's bytes come to: a command, or the error after which Redis hangs up. */
export type Taken =
  | { readonly kind: 'command'; readonly args: readonly Uint8Array[] }
  | { readonly kind: 'broken'; readonly error: string };

/** Bytes of a line that says how much follows, or of a command in words; of a string; words of a command (Redis' own limits). */
const [LONGEST_LINE, LONGEST_STRING, MOST_WORDS] = [64 * 1024, 512 * 1024 * 1024, 2 ** 31 - 1];
/** Bytes in which such a line mostly is. */
const FEW = 32;
const [CR, LF, DOLLAR, STAR] = [13, 10, 36, 42];

/**
 * Makes commands of a connection's bytes as Redis does, which takes more than it should: what stands behind a CR, and behind a string,
 * it does not look at. After `broken` nothing further is read.
 */
export class Intake {
  readonly #queue = new ByteQueue();
  /** The words that the command under way still lacks, and those it has. */
  #lacks = 0;
  #words: Uint8Array[] = [];
  /** Length of the string that is waited for. */
  #length: number | undefined;
  #isBroken = false;

  push(chunk: Uint8Array): Taken[] {
    const taken: Taken[] = [];
    if (this.#isBroken) return taken;
    // Nobody writes into it.
    const own = chunk.slice();
    this.#queue.push(own.subarray(this.#lacks === 0 && this.#queue.length === 0 ? takeWhole(own, taken) : 0));
    for (;;) {
      const next = this.#lacks > 0 ? this.#word() : this.#begin();
      if (next === 'wait') return taken;
      if (next === undefined) continue;
      taken.push(next);
      if (next.kind !== 'broken') continue;
      this.#isBroken = true;
      return taken;
    }
  }

  #begin(): Taken | 'wait' | undefined {
    if (this.#queue.length === 0) return 'wait';
    if (this.#queue.peek(1)[0] !== STAR) return this.#inline();
    const line = this.#line('too big mbulk count string');
    if (typeof line !== 'string') return line;
    const count = int64(line);
    if (count === undefined || count > BigInt(MOST_WORDS)) return broken('invalid multibulk length');
    this.#lacks = Math.max(0, Number(count));
    this.#words = [];
    return undefined;
  }

  #word(): Taken | 'wait' | undefined {
    if (this.#length === undefined) {
      if (this.#queue.length === 0) return 'wait';
      const line = this.#line('too big bulk count string', DOLLAR);
      if (typeof line !== 'string') return line;
      const length = int64(line);
      if (length === undefined || length < 0n || length > BigInt(LONGEST_STRING)) return broken('invalid bulk length');
      this.#length = Number(length);
    }
    if (this.#queue.length < this.#length + 2) return 'wait';
    // The queue's bytes are a copy already, and nobody writes into them.
    this.#words.push(this.#queue.peek(this.#length));
    this.#queue.take(this.#length + 2);
    this.#length = undefined;
    this.#lacks -= 1;
    return this.#lacks > 0 ? undefined : { kind: 'command', args: this.#words };
  }

  #inline(): Taken | 'wait' | undefined {
    const line = this.#queue.peek(LONGEST_LINE + 1);
    const end = line.indexOf(LF);
    // Redis takes a NUL for the end of what there is.
    if (end < 0 || line.subarray(0, end).includes(0)) return line.length > LONGEST_LINE ? broken('too big inline request') : 'wait';
    const words = wordsIn(line.slice(0, line[end - 1] === CR ? end - 1 : end));
    this.#queue.take(end + 1);
    if (words === undefined) return broken('unbalanced quotes in request');
    return words.length === 0 ? undefined : { kind: 'command', args: words };
  }

  /** What stands behind the mark of a line that says how much follows. */
  #line(tooLong: string, mark?: number): string | Taken | 'wait' {
    const few = this.#queue.peek(FEW);
    const line = few.includes(CR) ? few : this.#queue.peek(LONGEST_LINE + 2);
    const end = line.indexOf(CR);
    if (end < 0) return line.length > LONGEST_LINE ? broken(tooLong) : 'wait';
    if (this.#queue.length < end + 2) return 'wait';
    const [first = 0] = line;
    if (mark !== undefined && first !== mark) return broken(`expected '$', got '${String.fromCharCode(first)}'`);
    const text = raw(line.subarray(1, end));
    this.#queue.take(end + 2);
    return text;
  }
}

/**
 * Takes the commands that stand whole at the beginning of what came, as nearly all do, as clients write them. Gives where they end; what
 * follows, or is otherwise in any way, is left to be read piece by piece.
 */
function takeWhole(bytes: Uint8Array, taken: Taken[]): number {
  let begin = 0;
  for (;;) {
    const count = numberAt(bytes, begin, STAR);
    if (count === undefined || count.value === 0) return begin;
    const words: Uint8Array[] = [];
    let at = count.end;
    while (words.length < count.value) {
      const length = numberAt(bytes, at, DOLLAR);
      const end = length === undefined ? bytes.length : length.end + length.value;
      if (length === undefined || end + 2 > bytes.length) return begin;
      words.push(bytes.subarray(length.end, end));
      at = end + 2;
    }
    taken.push({ kind: 'command', args: words });
    begin = at;
  }
}

/** The number of a line that begins with that mark, and where what follows it begins; undefined where it is no plain one. */
function numberAt(bytes: Uint8Array, at: number, mark: number): { readonly value: number; readonly end: number } | undefined {
  const end = bytes[at] === mark ? lineEnd(bytes, at + 1) : 0;
  const value = end === 0 ? -1 : plainNumber(bytes, at + 1, end);
  return value < 0 ? undefined : { value, end };
}

function broken(what: string): Taken {
  return { kind: 'broken', error: `ERR Protocol error: ${what}` };
}
