import type { RunFacts } from '../common/invariant.ts';
import { laneBook } from '../common/lanes.ts';
import type { CallFacts, NormalisedTrace } from '../common/normalise.ts';
import type { Trace } from '../common/trace.ts';
import { isPlainObject } from '../common/value.ts';
import { bind, lanesOf, referenceOf } from './bind.ts';
import type { Asked, Happening } from './happening.ts';
import { startLedger } from './ledger.ts';
import type { ClamatorMessage, Entry } from './message.ts';

/**
 * A trace without what may differ between two runs: ids of calls, entries and instances, the prefix of the run, how often streams are
 * read and by which connection, in which order entries are read; JSON compared parsed. What is compared is what is written: requests,
 * replies and acknowledgements by call, groups and the end of reply streams by instance.
 */
export function normalise(trace: Trace<ClamatorMessage>, calls: readonly CallFacts[], facts: RunFacts): NormalisedTrace {
  const names = new Map(lanesOf(bind(trace, calls)));
  const book = laneBook();
  const ledger = startLedger();
  /** References by the ids of the entries that ask. */
  const entries = new Map<string, string>();
  let unnamed = 0;
  const laneOf = (reference: string): string => {
    const known = names.get(reference);
    if (known !== undefined) return known;
    unnamed += 1;
    const name = `unnamed/${unnamed}`;
    names.set(reference, name);
    return name;
  };
  const local = (key: string | undefined): string | undefined =>
    key !== undefined && facts.space !== undefined && key.startsWith(facts.space) ? key.slice(facts.space.length) : key;

  const addWrite = ({ n, by, command }: Asked): void => {
    const { entry, key } = command;
    if (by.role === 'client') {
      book.add(
        laneOf(referenceOf(entry, n)),
        'client',
        { kind: entry?.replyTo === undefined ? 'notify' : 'call', value: contentOf(entry) },
        n,
      );
      return;
    }
    const reference = referenceOf(entry, n);
    book.add(laneOf(reference), 'server', { kind: 'reply', value: { ...contentOf(entry), toReplies: isReplies(local(key)) } }, n);
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
          book.add(laneOf(reference), 'server', { kind: 'ack', value: {} }, asked.n);
        }
        break;
      case 'XGROUP CREATE':
        book.addUnlessRepeated(
          `${by.name}/group ${command.group}`,
          'server',
          { kind: 'group', value: { stream: local(command.key), from: command.from } },
          asked.n,
        );
        break;
      case 'DEL':
        book.addUnlessRepeated(`${by.name}/stop`, by.role, { kind: 'delete', value: {} }, asked.n);
        break;
      default:
    }
  };

  for (const event of trace) for (const happening of ledger.observe(event)) note(happening);
  return { lanes: book.all() };
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
