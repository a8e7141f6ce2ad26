import { array, bulk, type RespValue } from '../../../protocols/carriers/resp/value.ts';
import type { Group } from './group.ts';
import { EMPTY_LISTPACK, integerSize, stringSize } from './listpack.ts';
import { idReply, MAX_ID, msOf, type StreamId, seqOf } from './stream-id.ts';

/** An entry: fields and values, in turn. */
export interface Entry {
  readonly id: StreamId;
  readonly fields: readonly Uint8Array[];
  isDeleted: boolean;
}

/** Entries that Redis keeps together: trimming by `~` takes away all of a node or nothing. */
interface Node {
  readonly entries: Entry[];
  /** Entries that are not deleted. */
  live: number;
  /** What Redis needs for it. */
  bytes: number;
}

/** Entries and bytes after which a node is full (stream-node-max-entries, stream-node-max-bytes). */
const [NODE_ENTRIES, NODE_BYTES] = [100, 4096];

/** Entries that one trimming by `~` looks at, where its command says no LIMIT. */
export const TRIM_LIMIT = 100 * NODE_ENTRIES;

/** How far a stream is to be trimmed: to a number of entries, or to those from an id on. A limit of 0 is none. */
export interface Trim {
  readonly to: { readonly maxlen: number } | { readonly minid: StreamId };
  readonly approximate: boolean;
  readonly limit: number;
}

/** A stream. */
export class Stream {
  readonly type = 'stream';
  readonly groups = new Map<string, Group>();
  readonly #nodes: Node[] = [];
  length = 0;
  lastId: StreamId = 0n;
  firstId: StreamId = 0n;
  /** The greatest id that XDEL has deleted. */
  maxDeletedId: StreamId = 0n;
  /** Entries that were ever added. */
  added = 0;

  get nodes(): number {
    return this.#nodes.length;
  }

  /** The id of the next entry at that time. Undefined where there is no greater one. */
  nextId(now: number): StreamId | undefined {
    const byClock = BigInt(now) * 2n ** 64n;
    if (byClock > this.lastId) return byClock;
    return this.lastId === MAX_ID ? undefined : this.lastId + 1n;
  }

  /** Adds an entry; its id must be greater than all there were. */
  add(id: StreamId, fields: readonly Uint8Array[]): void {
    const last = this.#nodes.at(-1);
    const bytes = fields.reduce((sum, each) => sum + each.length, 0);
    const isFull = last === undefined || last.bytes + bytes >= NODE_BYTES || last.entries.length >= NODE_ENTRIES;
    const node = isFull ? this.#open(fields) : last;
    const [master] = node.entries;
    node.bytes += entrySize({ id, fields }, master);
    node.entries.push({ id, fields, isDeleted: false });
    node.live += 1;
    this.length += 1;
    this.added += 1;
    this.lastId = id;
    if (this.length === 1) this.firstId = id;
  }

  /** The entries from `start` to `end`, both included. */
  *range(start: StreamId, end: StreamId): Generator<Entry> {
    for (const node of this.#nodes) {
      const last = node.entries.at(-1);
      if (last === undefined || last.id < start) continue;
      for (const entry of node.entries) {
        if (entry.id > end) return;
        if (entry.id >= start && !entry.isDeleted) yield entry;
      }
    }
  }

  /** The same from behind. */
  reversed(start: StreamId, end: StreamId): Entry[] {
    return [...this.range(start, end)].reverse();
  }

  entry(id: StreamId): Entry | undefined {
    const [found] = this.range(id, id);
    return found;
  }

  /** The id of the last entry that is there; the least where there is none. */
  get lastEntryId(): StreamId {
    return this.last?.id ?? 0n;
  }

  get last(): Entry | undefined {
    for (let n = this.#nodes.length - 1; n >= 0; n -= 1) {
      const found = this.#nodes[n]?.entries.findLast(({ isDeleted }) => !isDeleted);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Deletes entries. Gives how many there were. */
  delete(ids: readonly StreamId[]): number {
    const before = this.length;
    for (const id of ids) {
      const entry = this.entry(id);
      if (entry === undefined) continue;
      this.#remove(entry);
      if (id > this.maxDeletedId) this.maxDeletedId = id;
    }
    if (this.length < before) this.#findFirst();
    return before - this.length;
  }

  /** Takes away the oldest entries. Gives how many. */
  trim({ to, approximate, limit }: Trim): number {
    let deleted = 0;
    for (const node of [...this.#nodes]) {
      if ('maxlen' in to && this.length <= to.maxlen) break;
      if (limit > 0 && deleted + node.live > limit) break;
      const last = node.entries.at(-1)?.id ?? 0n;
      const isOver = 'maxlen' in to ? this.length - node.live >= to.maxlen : last < to.minid;
      if (isOver) {
        this.#nodes.splice(this.#nodes.indexOf(node), 1);
        this.length -= node.live;
        deleted += node.live;
        continue;
      }
      if (approximate) break;
      for (const entry of node.entries.filter(({ isDeleted }) => !isDeleted)) {
        if ('maxlen' in to ? this.length <= to.maxlen : entry.id >= to.minid) break;
        this.#remove(entry);
        deleted += 1;
      }
      break;
    }
    if (deleted > 0) this.#findFirst();
    return deleted;
  }

  /** Whether something was deleted from `start` on. */
  hasTombstones(start: StreamId): boolean {
    return this.length > 0 && this.maxDeletedId !== 0n && this.firstId <= this.maxDeletedId && start <= this.maxDeletedId;
  }

  /** How many entries were added up to that one, it included; undefined where nobody can tell. */
  distance(id: StreamId): number | undefined {
    if (this.added === 0) return 0;
    if (this.length === 0 && id <= this.lastId) return this.added;
    if (id === this.lastId) return this.added;
    if (id > this.lastId) return undefined;
    if (this.maxDeletedId === 0n || this.maxDeletedId < this.firstId) {
      if (id < this.firstId) return this.added - this.length;
      if (id === this.firstId) return this.added - this.length + 1;
    }
    return undefined;
  }

  #open(fields: readonly Uint8Array[]): Node {
    const names = fields.filter((_, i) => i % 2 === 0);
    const head = [1n, 0n, BigInt(names.length), 0n].reduce((sum, value) => sum + integerSize(value), EMPTY_LISTPACK);
    const node = { entries: [], live: 0, bytes: names.reduce((sum, name) => sum + stringSize(name), head) };
    this.#nodes.push(node);
    return node;
  }

  #remove(entry: Entry): void {
    const node = this.#nodes.find(({ entries }) => entries.includes(entry));
    if (node === undefined) return;
    entry.isDeleted = true;
    node.live -= 1;
    this.length -= 1;
    if (node.live === 0) this.#nodes.splice(this.#nodes.indexOf(node), 1);
  }

  #findFirst(): void {
    const [first] = this.range(0n, MAX_ID);
    this.firstId = first?.id ?? 0n;
  }
}

/** An entry as a reply. */
export function entryReply({ id, fields }: Pick<Entry, 'id' | 'fields'>): RespValue {
  return array([idReply(id), array(fields.map((each) => bulk(each)))]);
}

/** Bytes of an entry in a node whose first entry is `master`; what has its fields does not name them again. */
function entrySize({ id, fields }: Pick<Entry, 'id' | 'fields'>, master: Entry | undefined): number {
  const names = fields.filter((_, i) => i % 2 === 0);
  const isAlike = master === undefined || haveSameFields(names, master);
  const first = master?.id ?? id;
  const numbers = [
    isAlike ? 2n : 0n,
    BigInt.asIntN(64, msOf(id) - msOf(first)),
    BigInt.asIntN(64, seqOf(id) - seqOf(first)),
    ...(isAlike ? [] : [BigInt(names.length)]),
    BigInt(names.length + 3 + (isAlike ? 0 : names.length + 1)),
  ];
  const kept = isAlike ? fields.filter((_, i) => i % 2 === 1) : fields;
  return numbers.reduce((sum, value) => sum + integerSize(value), 0) + kept.reduce((sum, each) => sum + stringSize(each), 0);
}

function haveSameFields(names: readonly Uint8Array[], master: Entry): boolean {
  return (
    names.length * 2 === master.fields.length && names.every((name, i) => Buffer.from(name).equals(master.fields[2 * i] ?? Buffer.alloc(0)))
  );
}
