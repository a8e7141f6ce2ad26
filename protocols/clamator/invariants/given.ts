import type { Past } from '../../common/invariant.ts';
import { isPlainObject, sameValue } from '../../common/value.ts';
import type { Dialler, Happening } from '../happening.ts';
import type { Entry } from '../message.ts';

/** An entry that a server was given to handle, once or more often. */
export interface Given {
  readonly n: number;
  readonly stream: string;
  readonly entry: Entry;
  /** How often it was given to this server, and how often this server has written a reply to it. */
  times: number;
  replies: number;
  acks: number;
  /** Whether a reply may have been written to it that may as well have been another's, said again: how many it has nobody knows. */
  unsure: boolean;
}

/** What servers were given to handle, and which of it their replies answer. */
export interface GivenEntries {
  /** What happened next. */
  observe(happening: Happening): void;
  /** What a server was given under that id in that stream, which it now acknowledges: counted as one. */
  acknowledged(by: Dialler, stream: string | undefined, id: string | undefined): Given | undefined;
  /**
   * The request that a reply with that envelope in that stream answers, counted as one: of those of this server with its id that want their
   * reply there the first that is still open, for they are handled in their order; else the newest. A reply that does not say what it
   * answers counts for one that wants one there.
   */
  replied(by: Dialler, stream: string, envelope: unknown): Given | undefined;
  /** A reply that was refused or lost is said again, or is the first to another open request with its id: nobody knows which. */
  saidAgain(by: Dialler, stream: string, envelope: unknown): void;
  /** A notification of this server that is not acknowledged yet, and names that stream although nobody is to reply. */
  openNotification(by: Dialler, stream: string): Given | undefined;
  /** Whether what a server was given under that id was let go of. */
  isForgotten(by: Dialler, stream: string | undefined, id: string): boolean;
  /** Lets go of what is past and was acknowledged each time that it was given. What is pending may be answered at any time, and is kept. */
  forget(past: Past): void;
}

/** What one server was given, in order of the first time. */
interface GivenTo {
  all: Given[];
  /** By the kind of id that an envelope has, and what it is, as `bucketOf` has it: what a reply answers is looked for among few. */
  readonly byId: Map<string, Given[]>;
}

/** Starts with nothing given. */
export function startGiven(): GivenEntries {
  /** By server, stream and id of the entry. */
  const given = new Map<string, Given>();
  const servers = new Map<string, GivenTo>();
  /** By server and stream, the newest id that was let go of: ids of a stream go up. */
  const forgotten = new Map<string, string>();
  const streamOf = (by: string, stream: string | undefined): string => `${by} ${stream}`;
  const keyOf = (by: Dialler, stream: string | undefined, id: string | undefined): string => `${streamOf(by.name, stream)} ${id}`;
  const of = (by: Dialler): readonly Given[] => servers.get(by.name)?.all ?? [];

  function add(by: Dialler, each: Given): void {
    const server = servers.get(by.name) ?? { all: [], byId: new Map<string, Given[]>() };
    servers.set(by.name, server);
    server.all.push(each);
    const bucket = bucketOf(idIn(each));
    const alike = server.byId.get(bucket);
    if (alike === undefined) server.byId.set(bucket, [each]);
    else alike.push(each);
  }

  /** What a server was given that has the id of a reply. */
  function asking(by: Dialler, { id }: Readonly<Record<string, unknown>>): readonly Given[] {
    return (servers.get(by.name)?.byId.get(bucketOf(id)) ?? []).filter((each) => isAnswered(each, id));
  }

  return {
    observe(happening) {
      if (happening.kind !== 'heard') return;
      const { by, command } = happening.asked;
      if (by.role !== 'server' || (command.name !== 'XREADGROUP' && command.name !== 'XAUTOCLAIM')) return;
      for (const entry of happening.answer.entries ?? []) {
        const key = keyOf(by, command.key, entry.id);
        const known = given.get(key);
        if (known !== undefined) {
          known.times += 1;
          continue;
        }
        // One that is pending and deleted has no fields (CLAMATOR-RECLAIM-09).
        const each: Given = { n: happening.n, stream: command.key ?? '', entry, times: 1, replies: 0, acks: 0, unsure: false };
        given.set(key, each);
        add(by, each);
      }
    },
    acknowledged(by, stream, id) {
      const each = given.get(keyOf(by, stream, id));
      if (each !== undefined) each.acks += 1;
      return each;
    },
    replied(by, stream, envelope) {
      if (!isPlainObject(envelope)) {
        const open = of(by).find((each) => isOpen(each, stream));
        if (open !== undefined) open.replies += 1;
        return undefined;
      }
      const candidates = asking(by, envelope);
      const request =
        candidates.find((each) => isOpen(each, stream)) ??
        candidates.findLast((each) => each.entry.replyTo === stream && each.replies < each.times) ??
        candidates.at(-1);
      if (request?.entry.replyTo !== undefined) request.replies += 1;
      return request;
    },
    saidAgain(by, stream, envelope) {
      if (!isPlainObject(envelope)) return;
      for (const each of asking(by, envelope)) if (isOpen(each, stream)) each.unsure = true;
    },
    openNotification: (by, stream) => of(by).find((each) => isOpenNotification(each, stream)),
    isForgotten(by, stream, id) {
      const newest = forgotten.get(streamOf(by.name, stream));
      return newest !== undefined && !isBehind(id, newest);
    },
    forget({ before }) {
      const isPast = ({ n, acks, times }: Given): boolean => n < before && acks >= times;
      for (const [name, server] of servers) {
        const past = server.all.filter(isPast);
        if (past.length === 0) continue;
        server.all = server.all.filter((each) => !isPast(each));
        for (const each of past) {
          const stream = streamOf(name, each.stream);
          const { id = '' } = each.entry;
          const newest = forgotten.get(stream);
          if (newest === undefined || isBehind(id, newest)) forgotten.set(stream, id);
          given.delete(`${stream} ${id}`);
        }
        // Bucket by bucket, for what has no id is all in one.
        for (const [bucket, alike] of server.byId) {
          const left = alike.filter((each) => !isPast(each));
          if (left.length === 0) server.byId.delete(bucket);
          else server.byId.set(bucket, left);
        }
      }
    },
  };
}

/** Whether the id of an entry comes after another's in a stream: ms, then a count. */
function isBehind(id: string, other: string): boolean {
  const [[ms = 0, count = 0], [otherMs = 0, otherCount = 0]] = [id.split('-').map(Number), other.split('-').map(Number)];
  return ms > otherMs || (ms === otherMs && count > otherCount);
}

/** The id in the envelope of an entry, whatever it is. */
function idIn({ entry }: Given): unknown {
  return isPlainObject(entry.envelope?.value) ? entry.envelope.value['id'] : undefined;
}

/** The same for ids that are the same. */
function bucketOf(id: unknown): string {
  return typeof id === 'string' || typeof id === 'number' ? `${typeof id} ${id}` : 'other';
}

/**
 * Whether a reply with that id answers an entry. Ids that not every server takes count, too (CLAMATOR-REQ-09), and whole numbers beyond
 * those that JSON keeps exactly: what is read of both is the same.
 */
function isAnswered(given: Given, id: unknown): boolean {
  const asked = idIn(given);
  return asked !== undefined && asked !== null && sameValue(asked, id);
}

/** Whether an entry is a request that is to be replied to in that stream, and was not, for one of the times that it was given. */
function isOpen({ entry, replies, times, acks }: Given, stream: string): boolean {
  return entry.replyTo === stream && replies < times && acks < times;
}

function isOpenNotification({ entry, acks, times }: Given, stream: string): boolean {
  return entry.envelope?.kind === 'notification' && entry.replyTo === stream && acks < times;
}
