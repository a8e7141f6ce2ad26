import { isPlainObject, sameValue } from '../../common/value.ts';
import type { Dialler, Happening } from '../ledger.ts';
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
}

/** What servers were given to handle, and which of it their replies answer. */
export interface GivenEntries {
  /** What happened next. */
  observe(happening: Happening): void;
  /** What a server was given under that id in that stream. */
  find(by: Dialler, stream: string | undefined, id: string | undefined): Given | undefined;
  /**
   * The request that a reply with that envelope in that stream answers, counted as one: the newest of this server with its id that wants
   * its reply there. A reply that does not say what it answers counts for one that wants one there.
   */
  replied(by: Dialler, stream: string, envelope: unknown): Given | undefined;
  /** A notification of this server that is not acknowledged yet, and names that stream although nobody is to reply. */
  openNotification(by: Dialler, stream: string): Given | undefined;
}

/** Starts with nothing given. */
export function startGiven(): GivenEntries {
  /** By server, stream and id of the entry. */
  const given = new Map<string, Given>();
  const keyOf = (by: Dialler, stream: string | undefined, id: string | undefined): string => `${by.name} ${stream} ${id}`;
  const of = (by: Dialler): Given[] => [...given].flatMap(([key, each]) => (key.startsWith(`${by.name} `) ? [each] : []));

  return {
    observe(happening) {
      if (happening.kind !== 'heard') return;
      const { by, command } = happening.asked;
      if (by.role !== 'server' || (command.name !== 'XREADGROUP' && command.name !== 'XAUTOCLAIM')) return;
      for (const entry of happening.answer.entries ?? []) {
        const key = keyOf(by, command.key, entry.id);
        const known = given.get(key);
        // One that is pending and deleted has no fields (CLAMATOR-RECLAIM-09).
        if (known === undefined) given.set(key, { n: happening.n, stream: command.key ?? '', entry, times: 1, replies: 0, acks: 0 });
        else known.times += 1;
      }
    },
    find: (by, stream, id) => given.get(keyOf(by, stream, id)),
    replied(by, stream, envelope) {
      if (!isPlainObject(envelope)) {
        const open = of(by).find((each) => isOpen(each, stream));
        if (open !== undefined) open.replies += 1;
        return undefined;
      }
      const candidates = of(by).filter((each) => isAnswered(each, envelope['id']));
      const request =
        candidates.findLast((each) => each.entry.replyTo === stream && each.replies < each.times) ?? candidates.at(-1) ?? undefined;
      if (request?.entry.replyTo !== undefined) request.replies += 1;
      return request;
    },
    openNotification: (by, stream) => of(by).find((each) => isOpenNotification(each, stream)),
  };
}

/**
 * Whether a reply with that id answers an entry. Ids that not every server takes count, too (CLAMATOR-REQ-09), and whole numbers beyond
 * those that JSON keeps exactly: what is read of both is the same.
 */
function isAnswered({ entry }: Given, id: unknown): boolean {
  const asked = isPlainObject(entry.envelope?.value) ? entry.envelope.value['id'] : undefined;
  return asked !== undefined && asked !== null && sameValue(asked, id);
}

/** Whether an entry is a request that is to be replied to in that stream, and was not, for one of the times that it was given. */
function isOpen({ entry, replies, times, acks }: Given, stream: string): boolean {
  return entry.replyTo === stream && replies < times && acks < times;
}

function isOpenNotification({ entry, acks, times }: Given, stream: string): boolean {
  return entry.envelope?.kind === 'notification' && entry.replyTo === stream && acks < times;
}
