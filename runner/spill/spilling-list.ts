import { deserialize, serialize } from 'node:v8';
import { lengthOf } from '../../protocols/common/byte-queue.ts';
import type { Sequence } from '../../protocols/common/sequence.ts';
import type { SpillFile } from './spill-file.ts';
import { Stretch } from './stretch.ts';

/** How elements of a list go to disk and come back. */
export interface SpillForm<T> {
  /** Bytes that an element takes in memory, about. */
  size(element: T): number;
  /** What is written of elements that stand one behind the other. */
  write(elements: readonly T[]): Written;
  /** The elements of which this was written; `list` is where they stand. The bytes are read when they are first asked for. */
  read(plain: unknown, bytes: () => Uint8Array, list: Sequence<T>): readonly T[];
}

/** What is always read of elements that are on disk, and bytes that may not be wanted. */
export interface Written {
  /** Plain values and typed arrays (the structured clone algorithm). */
  readonly plain: unknown;
  /** One behind the other. */
  readonly bytes: readonly Uint8Array[];
}

/** Elements that were appended one after the other, in memory or on disk. */
type Segment<T> =
  | { readonly where: 'memory'; readonly start: number; readonly elements: readonly T[]; readonly size: number }
  | { readonly where: 'disk'; readonly start: number; readonly plain: Place; readonly bytes: Place };

/** A stretch of a file. */
interface Place {
  readonly file: SpillFile;
  readonly offset: number;
  readonly length: number;
}

/** A segment is complete when it has so many elements, or takes so many bytes in memory. */
const SEGMENT_ELEMENTS = 1024;
const SEGMENT_BYTES = 4 * 1024 * 1024;

/** Segments from disk that are kept in memory, so that what lies close together is read once. */
const SEGMENTS_READ = 2;

/** Files that a bound of the disk is made of: a file is given back when all that is in it is past the bound. */
const FILES_OF_A_BOUND = 16;

/**
 * A list that only grows, of which no more than about `most` bytes stay in memory: what is oldest goes to a file. Where `onDisk`
 * bounds that too, what is oldest of it is gone: it keeps its indices, is not there when it is asked for, and is not read.
 */
export class SpillingList<T> implements Sequence<T> {
  readonly #form: SpillForm<T>;
  readonly #most: number;
  readonly #onDisk: number;
  readonly #openFile: () => SpillFile;
  readonly #segments: Segment<T>[] = [];
  /** How many segments, from the first on, are on disk. */
  #spilled = 0;
  /** The files from the oldest on; the last is written. */
  readonly #files: { readonly file: SpillFile; bytes: number; segments: number }[] = [];
  #closed = false;
  /** Bytes in memory of complete segments. */
  #size = 0;
  #tail: { readonly start: number; readonly elements: T[]; size: number } = { start: 0, elements: [], size: 0 };
  /** Segments from disk, the one used last at the end. */
  readonly #read = new Map<Segment<T>, readonly T[]>();

  constructor(form: SpillForm<T>, most: number, openFile: () => SpillFile, onDisk = Number.POSITIVE_INFINITY) {
    this.#form = form;
    this.#most = most;
    this.#onDisk = onDisk;
    this.#openFile = openFile;
  }

  /** Index of the oldest element that is there still. */
  get first(): number {
    return this.#segments[0]?.start ?? this.#tail.start;
  }

  /** Index of the oldest element that is in memory; the length where none is. */
  get inMemory(): number {
    return this.#segments[this.#spilled]?.start ?? this.#tail.start;
  }

  get length(): number {
    return this.#tail.start + this.#tail.elements.length;
  }

  /** Adds an element at the end. Throws what the file system throws where it has to spill and cannot. */
  push(element: T): void {
    this.#tail.elements.push(element);
    this.#tail.size += this.#form.size(element);
    if (this.#tail.elements.length < SEGMENT_ELEMENTS && this.#tail.size < SEGMENT_BYTES) return;
    this.#segments.push({ where: 'memory', ...this.#tail });
    this.#size += this.#tail.size;
    this.#tail = { start: this.length, elements: [], size: 0 };
    while (this.#size > this.#most) this.#spillNext();
  }

  at(index: number): T | undefined {
    if (index < this.first) return undefined;
    const { start, elements } = this.#around(index);
    return elements[index - start];
  }

  slice(from: number, to = this.length): Sequence<T> {
    return this.#segments.length === 0 ? this.#tail.elements.slice(from, to) : new Stretch(this, from, Math.min(to, this.length));
  }

  [Symbol.iterator](): Generator<T> {
    return this.between(0, Number.POSITIVE_INFINITY);
  }

  /** The elements from one index up to another, which is not among them, as they are read. */
  *between(from: number, to: number): Generator<T> {
    for (let index = Math.max(from, this.first); index < Math.min(to, this.length); index = Math.max(index, this.first)) {
      const { start, elements } = this.#around(index);
      for (; index < to && index - start < elements.length; index += 1) {
        const element = elements[index - start];
        if (element !== undefined) yield element;
      }
    }
  }

  /** Writes the oldest complete stretch where more than so many bytes are in memory and all of it stands before an index. Throws what the file system throws. */
  spillBeyond(bytes: number, before = Number.POSITIVE_INFINITY): void {
    if (this.#size <= bytes) return;
    const oldest = this.#segments[this.#spilled];
    if (oldest?.where === 'memory' && oldest.start + oldest.elements.length <= before) this.#spillNext();
  }

  /** Gives the disk back. What was there cannot be read afterwards. */
  close(): void {
    for (const { file } of this.#files.splice(0)) file.close();
    this.#closed = true;
    this.#read.clear();
  }

  #spillNext(): void {
    const segment = this.#segments[this.#spilled];
    if (segment?.where !== 'memory') return;
    const { plain, bytes } = this.#form.write(segment.elements);
    const current = this.#current();
    const serialized = serialize(plain);
    const offset = current.file.append([serialized, ...bytes]);
    const behind = { file: current.file, offset: offset + serialized.length, length: lengthOf(bytes) };
    current.bytes += serialized.length + behind.length;
    current.segments += 1;
    const place = { file: current.file, offset, length: serialized.length };
    this.#segments[this.#spilled] = { where: 'disk', start: segment.start, plain: place, bytes: behind };
    this.#spilled += 1;
    this.#size -= segment.size;
    this.#letGo();
  }

  /** The file that is written, a new one where the last is full. */
  #current() {
    const last = this.#files.at(-1);
    if (last !== undefined && last.bytes < this.#onDisk / FILES_OF_A_BOUND) return last;
    const opened = { file: this.#openFile(), bytes: 0, segments: 0 };
    this.#files.push(opened);
    return opened;
  }

  /** Gives the oldest files back while the disk holds more than it may. */
  #letGo(): void {
    let bytes = this.#files.reduce((sum, each) => sum + each.bytes, 0);
    while (bytes > this.#onDisk && this.#files.length > 1) {
      const oldest = this.#files.shift();
      if (oldest === undefined) return;
      bytes -= oldest.bytes;
      for (const segment of this.#segments.splice(0, oldest.segments)) this.#read.delete(segment);
      this.#spilled -= oldest.segments;
      oldest.file.close();
    }
  }

  #around(index: number): { readonly start: number; readonly elements: readonly T[] } {
    if (index >= this.#tail.start) return this.#tail;
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#segments[middle]?.start ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    const segment = this.#segments[low];
    if (segment === undefined) return this.#tail;
    return segment.where === 'memory' ? segment : { start: segment.start, elements: this.#fromDisk(segment) };
  }

  #fromDisk(segment: Extract<Segment<T>, { where: 'disk' }>): readonly T[] {
    const known = this.#read.get(segment);
    this.#read.delete(segment);
    const elements =
      known ??
      this.#form.read(
        deserialize(this.#bytesAt(segment.plain)),
        once(() => this.#bytesAt(segment.bytes)),
        this,
      );
    this.#read.set(segment, elements);
    for (const oldest of this.#read.keys()) {
      if (this.#read.size <= SEGMENTS_READ) break;
      this.#read.delete(oldest);
    }
    return elements;
  }

  #bytesAt({ file, offset, length }: Place): Uint8Array {
    if (this.#closed) throw new Error('what had spilled to disk was asked for after it was given back');
    return file.read(offset, length);
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly it: T } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}
