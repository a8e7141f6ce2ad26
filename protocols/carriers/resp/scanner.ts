import { DEEPEST, LONGEST_COUNT, LONGEST_FRAME, LONGEST_INLINE } from './limits.ts';

/** What breaks the framing: after it nobody can tell where the next frame begins. */
export type FramingRule = 'type' | 'length' | 'line-end' | 'inline';

/** What a stretch of bytes came to. */
export type Scanned =
  /** A frame ends before `end`. */
  | { readonly kind: 'whole'; readonly end: number }
  /** All bytes belong to a frame that is not whole. */
  | { readonly kind: 'part' }
  | { readonly kind: 'broken'; readonly rule: FramingRule; readonly text: string }
  /** Breaks no rule, and is more than is read. */
  | { readonly kind: 'unread'; readonly error: string };

/** What frames are: commands, as whoever dials writes them, or replies. */
export type Grammar = 'commands' | 'replies';

const [CR, LF, DASH] = [13, 10, 45];
const PART: Scanned = { kind: 'part' };

/** What the first byte of a reply announces: one line; a count of bytes; a count of values, so many of them for each. */
type Shape = 'line' | 'bytes' | { readonly each: number; readonly counts: boolean };
const LIST: Shape = { each: 1, counts: true };
const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ...['+', '-', ':', '_', '#', ',', '('].map((mark): [string, Shape] => [mark, 'line']),
  ...['$', '!', '='].map((mark): [string, Shape] => [mark, 'bytes']),
  ...['*', '~', '>'].map((mark): [string, Shape] => [mark, LIST]),
  ['%', { each: 2, counts: true }],
  // The value that attributes stand beside follows them.
  ['|', { each: 2, counts: false }],
]);

/**
 * Finds where frames of RESP end, in whatever stretches their bytes come, looking at each byte of a line once and at none of a string.
 * No length is believed before its bytes are there, and nothing is kept but the lists and maps that are open. Never throws. What lines
 * say is left to whoever decodes the frame, but for lengths and counts.
 */
export class Scanner {
  readonly #grammar: Grammar;
  /** Values that each open list still lacks, and whether it is a value itself. */
  #open: { left: number; readonly counts: boolean }[] = [];
  #state: 'type' | 'line' | 'count' | 'inline' | 'bytes' | 'end' = 'type';
  /** The first byte of the value that is read. */
  #mark = '';
  /** What stands behind it, where it is a count. */
  #count = '';
  #wasCarriageReturn = false;
  /** Bytes of a string, or of its line end, that are still to come. */
  #left = 0;
  /** Bytes of the frame so far. */
  #size = 0;

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
  }

  /** Whether the next byte begins a frame. */
  get atStart(): boolean {
    return this.#size === 0;
  }

  /** Reads on from `at`, to the end of the frame or of the bytes. After `broken` and `unread` it is of no more use. */
  scan(bytes: Uint8Array, from: number): Scanned {
    let at = from;
    while (at < bytes.length) {
      if (this.#state === 'bytes') {
        const taken = Math.min(this.#left, bytes.length - at);
        at += taken;
        this.#left -= taken;
        this.#size += taken;
        if (this.#left === 0) this.#begin('end', 2);
      } else {
        const stopped = this.#take(bytes[at] ?? 0);
        at += 1;
        this.#size += 1;
        if (stopped === 'whole') {
          this.#size = 0;
          return { kind: 'whole', end: at };
        }
        if (stopped !== undefined) return stopped;
      }
      if (this.#size > LONGEST_FRAME) return tooLong();
    }
    return PART;
  }

  #begin(state: 'type' | 'line' | 'count' | 'inline' | 'bytes' | 'end', left = 0): undefined {
    this.#state = state;
    this.#left = left;
    this.#count = '';
    this.#wasCarriageReturn = false;
  }

  /** One byte that is not part of a string. */
  #take(byte: number): Scanned | 'whole' | undefined {
    switch (this.#state) {
      case 'type':
        return this.#takeType(byte);
      case 'inline':
        if (byte === LF) return this.#finish();
        if (this.#size >= LONGEST_INLINE + 1) return broken('inline', `a line of more than ${LONGEST_INLINE} bytes that begins no command`);
        return undefined;
      case 'line':
      case 'count':
        return this.#takeOfLine(byte);
      default:
        if (byte !== (this.#left === 2 ? CR : LF)) return broken('line-end', 'a string is not followed by a line end');
        this.#left -= 1;
        return this.#left === 0 ? this.#finish() : undefined;
    }
  }

  #takeType(byte: number): Scanned | 'whole' | undefined {
    this.#mark = String.fromCharCode(byte);
    if (this.#grammar === 'commands') {
      if (this.#open.length > 0)
        return this.#mark === '$' ? this.#begin('count') : broken('type', `an argument begins with ${named(byte)}, not with $`);
      if (this.#mark === '*') return this.#begin('count');
      this.#begin('inline');
      return byte === LF ? this.#finish() : undefined;
    }
    const shape = SHAPES.get(this.#mark);
    if (shape === undefined) return broken('type', `no value begins with ${named(byte)}`);
    return this.#begin(shape === 'line' ? 'line' : 'count');
  }

  #takeOfLine(byte: number): Scanned | 'whole' | undefined {
    if (this.#wasCarriageReturn) {
      if (byte !== LF) return broken('line-end', 'a CR without LF');
      return this.#state === 'line' ? this.#finish() : this.#takeCount(this.#count);
    }
    if (byte === LF) return broken('line-end', 'a LF without CR');
    if (byte === CR) this.#wasCarriageReturn = true;
    else if (this.#state === 'count') {
      const isSign = byte === DASH && this.#count === '';
      if (!isSign && (byte < 48 || byte > 57)) return broken('length', `a length has ${named(byte)} in it`);
      if (this.#count.length >= LONGEST_COUNT) return broken('length', `a length of more than ${LONGEST_COUNT} characters`);
      this.#count += String.fromCharCode(byte);
    }
    return undefined;
  }

  /** A line is over that says how many there are. */
  #takeCount(digits: string): Scanned | 'whole' | undefined {
    const count = Number(digits);
    if (digits === '' || Number.isNaN(count)) return broken('length', 'a length without digits');
    if (this.#grammar === 'commands' && this.#open.length === 0) {
      // Redis takes a command of no words, or of fewer, for none.
      return count <= 0 ? this.#finish() : this.#openList(count, true);
    }
    if (count < 0) {
      const isNothing = digits === '-1' && this.#grammar === 'replies' && (this.#mark === '$' || this.#mark === '*');
      return isNothing ? this.#finish() : broken('length', `a length of ${digits}`);
    }
    const shape = SHAPES.get(this.#mark);
    if (typeof shape === 'object') return this.#openList(count * shape.each, shape.counts);
    if (count > LONGEST_FRAME) return tooLong();
    return count === 0 ? this.#begin('end', 2) : this.#begin('bytes', count);
  }

  #openList(left: number, counts: boolean): Scanned | 'whole' | undefined {
    // Three bytes are the least that a value takes.
    if (left > LONGEST_FRAME / 3) return tooLong();
    if (left === 0 && counts) return this.#finish();
    if (left > 0) this.#open.push({ left, counts });
    if (this.#open.length > DEEPEST) return { kind: 'unread', error: `a value is nested more than ${DEEPEST} levels deep` };
    return this.#begin('type');
  }

  /** A value is over, and perhaps those that it is the last of. */
  #finish(): 'whole' | undefined {
    this.#begin('type');
    for (;;) {
      const list = this.#open.at(-1);
      if (list === undefined) return 'whole';
      list.left -= 1;
      if (list.left > 0) return undefined;
      this.#open.pop();
      if (!list.counts) return undefined;
    }
  }
}

function broken(rule: FramingRule, text: string): Scanned {
  return { kind: 'broken', rule, text };
}

function tooLong(): Scanned {
  return { kind: 'unread', error: `a frame is longer than ${LONGEST_FRAME} bytes` };
}

/** A byte for people: `"a"`, `0x0d`. */
function named(byte: number): string {
  return byte > 32 && byte < 127 ? JSON.stringify(String.fromCharCode(byte)) : `0x${byte.toString(16).padStart(2, '0')}`;
}
