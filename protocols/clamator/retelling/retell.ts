import {
  BEFORE,
  type Deed,
  freshNames,
  type Manner,
  type Retelling,
  type Retold,
  type StepInWords,
  type Telling,
} from '../../common/retelling.ts';
import { fromOf, type Trace } from '../../common/trace.ts';
import { isPlainObject, toTagged } from '../../common/value.ts';
import { bind, referenceOf } from '../bind.ts';
import { kindOf } from '../classify.ts';
import { idOf } from '../envelope.ts';
import type { Asked, Happening } from '../happening.ts';
import { startLedger } from '../ledger.ts';
import { local } from '../match.ts';
import type { ClamatorMessage, Entry } from '../message.ts';

/** Ways of telling clamator's traces again. What the ends and the broker say to each other beside requests and replies they say by themselves. */
export const clamatorRetellings: readonly Retelling<ClamatorMessage>[] = (['calls', 'frames'] as const).map((manner) => ({
  manner,
  retell: (trace, telling) => retell(trace, telling, manner),
}));

function retell(trace: Trace<ClamatorMessage>, telling: Telling, manner: Manner): Retold<ClamatorMessage> {
  const { underTest, calls } = telling;
  const names = new Map(bind(trace, calls).map(({ call, reference }) => [reference, call.call]));
  const fresh = freshNames(calls.map(({ call }) => call));
  const ledger = startLedger();
  const deeds: Deed[] = [];
  const unsaid = new Set<string>();
  const methods = new Set<string>();
  const met = new Set(['client main', 'server main']);
  const byHand = manner === 'frames' && underTest === 'server';
  const add = (n: number, by: Deed['by'], step: StepInWords): void => void deeds.push({ n, by, step });

  /** A client adds an entry to the stream of a service. */
  const request = ({ n, by, command }: Asked, entry: Entry): void => {
    const value = entry.envelope?.value;
    const method = isPlainObject(value) && typeof value['method'] === 'string' ? value['method'] : undefined;
    const reference = referenceOf(entry, n);
    const name = names.get(reference) ?? fresh(method?.slice(method.indexOf('.') + 1) ?? 'entry');
    if (byHand) {
      add(n, 'peer', { peer: { add: entryWords(entry, command.key) } });
      return;
    }
    names.set(reference, name);
    if (method === undefined || !isPlainObject(value)) {
      unsaid.add('an entry that names no method is left out');
      return;
    }
    methods.add(method);
    const kind = Object.hasOwn(telling.procedureKinds, method) ? undefined : value['id'] === undefined ? 'notification' : 'method';
    const at = by.name === 'main' ? {} : { at: by.name };
    const params = value['params'];
    const said = params === undefined ? {} : { value: toTagged(params) };
    add(n, 'application', { invoke: { as: name, ...at, procedure: method, ...(kind === undefined ? {} : { kind }), ...said } });
  };

  /** A server adds a reply to the stream of a client. */
  const reply = ({ n, command }: Asked, entry: Entry): void => {
    if (underTest !== 'client' || manner === 'calls') return;
    const to = names.get(referenceOf(entry, n)) ?? [...names.values()].at(-1);
    if (to === undefined) {
      unsaid.add('a reply to nobody is left out');
      return;
    }
    const mine = names.has(referenceOf(entry, n));
    const stream = mine || command.key === undefined ? {} : { stream: `:${local(command.key)}` };
    add(n, 'peer', { peer: { reply: { to, ...envelopeWords(entry, mine), ...stream } } });
  };

  /** Entries of clients that are not read yet, and ids of those that were: what is there beside them somebody else has added. */
  const added = new Map<string, number>();
  const known = new Set<string>();
  const heard = (n: number, entry: Entry, key: string | undefined): void => {
    if (entry.id === undefined || known.has(entry.id)) return;
    known.add(entry.id);
    const fields = JSON.stringify(entry.fields);
    const left = added.get(fields) ?? 0;
    if (left > 0) added.set(fields, left - 1);
    else add(n - BEFORE, 'peer', { peer: { add: entryWords(entry, key) } });
  };

  const tell = (happening: Happening): void => {
    const { asked } = happening;
    if (happening.kind === 'answered' && underTest === 'server' && asked.by.role === 'server')
      for (const entry of happening.answer.entries ?? []) heard(happening.n, entry, happening.answer.key ?? asked.command.key);
    if (happening.kind !== 'asked') return;
    const { entry, key = '' } = asked.command;
    if (asked.command.name !== 'XADD' || entry === undefined) return;
    if (asked.by.role === 'client') {
      const fields = JSON.stringify(entry.fields);
      added.set(fields, (added.get(fields) ?? 0) + 1);
      request(asked, entry);
    } else if (local(key)?.startsWith('replies:') === true) reply(asked, entry);
  };

  for (const event of trace) {
    for (const happening of ledger.observe(event)) tell(happening);
    if (event.type === 'opened' && event.dialler !== undefined) {
      const { role, instance } = event.dialler;
      if (met.has(`${role} ${instance}`)) continue;
      met.add(`${role} ${instance}`);
      add(event.n - BEFORE, 'application', role === 'client' ? { connect: { as: instance } } : { serve: { as: instance } });
    }
  }
  if (manner === 'frames' && underTest === 'client' && methods.size > 0) add(-1, 'peer', { peer: { manual: [...methods] } });
  return {
    deeds: deeds.toSorted((a, b) => a.n - b.n),
    pattern(event) {
      const from = fromOf(event);
      const message = event.decoded?.ok ? event.decoded.message : undefined;
      const [entry] = message === undefined ? [] : message.type === 'answer' ? (message.entries ?? []) : [message.entry];
      const call = byHand ? undefined : names.get(referenceOf(entry, event.n));
      return { from, kind: kindOf(event.frame, event.decoded), ...(call === undefined ? {} : { call }) };
    },
    // Reads and acknowledgements come as often and as soon as an end likes.
    isWaitedFor: ({ decoded }) => decoded?.ok === true && decoded.message.type === 'command' && decoded.message.name === 'XADD',
    needs: [],
    server: {},
    unsaid: [...unsaid],
  };
}

/** An entry as a script adds it. */
function entryWords(entry: Entry, key = ''): StepInWords {
  const type = entry.fields.find(([name]) => name === 'type')?.[1];
  const { envelope } = envelopeWords(entry, false);
  const text = entry.fields.find(([name]) => name === 'envelope')?.[1];
  const written = entry.envelope === undefined ? {} : envelope === undefined ? { text } : { envelope };
  return {
    stream: `:${local(key)}`,
    ...written,
    type: type ?? 'rpc',
    ...(entry.replyTo === undefined ? {} : { 'reply-to': `:${local(entry.replyTo)}` }),
  };
}

/** The envelope of an entry; `mine`: its id is that of the call which the script answers. */
function envelopeWords(entry: Entry, mine: boolean): { readonly envelope?: unknown; readonly text?: string } {
  const { envelope } = entry;
  if (envelope === undefined) return {};
  const text = entry.fields.find(([name]) => name === 'envelope')?.[1];
  if (envelope.unread !== undefined || !isPlainObject(envelope.value)) return text === undefined ? {} : { text };
  if (!mine || idOf(envelope) === undefined) return { envelope: toTagged(envelope.value) };
  const { id: _id, ...rest } = envelope.value;
  const tagged = toTagged(rest);
  return { envelope: { ...(isPlainObject(tagged) ? tagged : {}), id: { $id: true } } };
}
