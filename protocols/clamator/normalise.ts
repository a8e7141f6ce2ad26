import type { Party } from '../common/frame.ts';
import type { RunFacts } from '../common/invariant.ts';
import { laneBook, type NewItem } from '../common/lanes.ts';
import type { CallFacts, CallReference, Lane, NormalisedTrace } from '../common/normalise.ts';
import type { Trace } from '../common/trace.ts';
import { isPlainObject } from '../common/value.ts';
import { type BoundCall, lanesOf, referenceOf, startBinding } from './bind.ts';
import type { Asked, Happening } from './happening.ts';
import { startLedger } from './ledger.ts';
import type { ClamatorMessage, Entry } from './message.ts';

/**
 * A trace without what may differ between two runs: ids of calls, entries and instances, the prefix of the run, how often streams are
 * read and by which connection, in which order entries are read; JSON compared parsed. What is compared is what is written: requests,
 * replies and acknowledgements by call, groups and the end of reply streams by instance.
 */
export function normalise(trace: Trace<ClamatorMessage>, calls: readonly CallFacts[], facts: RunFacts): NormalisedTrace {
  const binding = startBinding(calls);
  const bound: BoundCall[] = [];
  const ledger = startLedger();
  const written: Written[] = [];
  /** References by the ids of the entries that ask. */
  const entries = new Map<string, string>();
  const local = (key: string | undefined): string | undefined =>
    key !== undefined && facts.space !== undefined && key.startsWith(facts.space) ? key.slice(facts.space.length) : key;

  const addWrite = ({ n, by, command }: Asked): void => {
    const { entry, key } = command;
    const reference = referenceOf(entry, n);
    const item =
      by.role === 'client'
        ? { kind: entry?.replyTo === undefined ? 'notify' : 'call', value: contentOf(entry) }
        : { kind: 'reply', value: { ...contentOf(entry), toReplies: isReplies(local(key)) } };
    written.push({ reference, from: by.role, item, n });
  };

  const note = (happening: Happening): void => {
    const { asked } = happening;
    const { by, command } = asked;
    if (happening.kind === 'answered' && command.name === 'XADD' && by.role === 'client' && happening.answer.text !== undefined) {
      entries.set(`${command.key} ${happening.answer.text}`, referenceOf(command.entry, asked.n));
    }
    if (happening.kind === 'answered') {
      for (const entry of happening.answer.entries ?? []) {
        const key = `${command.key} ${entry.id}`;
        if (by.role === 'server' && !entries.has(key)) entries.set(key, referenceOf(entry, happening.n));
      }
    }
    if (happening.kind !== 'asked') return;
    switch (command.name) {
      case 'XADD':
        addWrite(asked);
        break;
      case 'XACK':
        for (const id of command.ids ?? []) {
          const reference = entries.get(`${command.key} ${id}`) ?? `entry ${id}`;
          written.push({ reference, from: 'server', item: { kind: 'ack', value: {} }, n: asked.n });
        }
        break;
      case 'XGROUP CREATE':
        written.push({
          lane: `${by.name}/group ${command.group}`,
          from: 'server',
          item: { kind: 'group', value: { stream: local(command.key), from: command.from } },
          n: asked.n,
        });
        break;
      case 'DEL':
        written.push({ lane: `${by.name}/stop`, from: by.role, item: { kind: 'delete', value: {} }, n: asked.n });
        break;
      default:
    }
  };

  for (const event of trace) {
    binding.see(event);
    for (const happening of ledger.observe(event)) {
      const call = binding.bind(happening);
      if (call !== undefined) bound.push(call);
      note(happening);
    }
  }
  return { lanes: inLanes(written, new Map(lanesOf(bound))) };
}

/** Something that was written, and where it belongs: to what it is about, or to a lane of its own, where it may be said again. */
type Written = ({ readonly reference: CallReference } | { readonly lane: string }) & {
  readonly from: Party;
  readonly item: NewItem;
  readonly n: number;
};

/** Lays out what was written, once it is known which call each reference names; what no call has is numbered. */
function inLanes(written: readonly Written[], names: Map<CallReference, string>): readonly Lane[] {
  const book = laneBook();
  let unnamed = 0;
  const laneOf = (reference: CallReference): string => {
    const known = names.get(reference);
    if (known !== undefined) return known;
    unnamed += 1;
    const name = `unnamed/${unnamed}`;
    names.set(reference, name);
    return name;
  };
  for (const each of written) {
    if ('lane' in each) book.addUnlessRepeated(each.lane, each.from, each.item, each.n);
    else book.add(laneOf(each.reference), each.from, each.item, each.n);
  }
  return book.all();
}

function isReplies(key: string | undefined): boolean {
  return key?.includes(':replies:') ?? false;
}

/** What an entry says, without what names its call and its reader. */
function contentOf(entry: Entry | undefined): Record<string, unknown> {
  const fields = entry?.fields.map(([name]) => name) ?? [];
  const value = entry?.envelope?.value;
  if (!isPlainObject(value)) return { fields, envelope: entry?.envelope?.unread ?? value };
  const { id: _, ...rest } = value;
  return { fields, envelope: rest };
}
