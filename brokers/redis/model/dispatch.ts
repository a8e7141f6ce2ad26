import { attempt, errorOf } from './attempt.ts';
import { endTransaction, exec } from './commands/transactions.ts';
import { Refusal, wrongArity } from './refusal.ts';
import { QUEUED } from './reply.ts';
import type { Call, Changes, Outcome, Run } from './state.ts';
import { COMMANDS, type Entry } from './table.ts';
import { raw, upper } from './words.ts';

/** Bytes of arguments that are told of a command that is not known, or a little more. */
const TOLD_ARGS = 128;

/** Runs a command, of one word or more; what is wrong with it is its reply. In a transaction it is queued, and what is refused spoils all of it. */
export function dispatch(call: Call): Outcome {
  let found: Found;
  try {
    found = commandOf(call.args);
    refuseIfUnable(call, found.entry);
  } catch (refusal) {
    if (refusal instanceof Refusal) return refused(call, refusal);
    throw refusal;
  }
  const { entry, run } = found;
  if (isPostponed(call, entry)) return { type: 'postponed' };
  const { transaction, watch } = call.connection;
  if (transaction === undefined || entry?.unqueued !== undefined) return attempt(run, call);
  // What will not be carried out any more is not kept, and so counts for nothing at EXEC.
  if (!transaction.isBroken && watch?.isStale !== true) transaction.queued.push({ args: call.args, run, changes: entry?.changes });
  return QUEUED;
}

/** A command of the table. */
interface Found {
  readonly entry: Entry | undefined;
  readonly run: Run;
}

/** A command that is not run. An EXEC takes its transaction with it, whether there is one or not. */
function refused({ args, connection, state }: Call, refusal: Refusal): Outcome {
  if (upper(args[0]) === 'EXEC') {
    endTransaction(state, connection);
    return errorOf(new Refusal(`EXECABORT Transaction discarded because of: ${refusal.text.replace(/^ERR /, '')}`));
  }
  if (connection.transaction !== undefined) connection.transaction.isBroken = true;
  return errorOf(refusal);
}

function commandOf(args: readonly Uint8Array[]): Found {
  const name = upper(args[0]);
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (found === undefined) throw unknown(args);
  if (!('of' in found)) return checked(name, found, args);
  if (args.length === 1) {
    if (found.alone === undefined) throw wrongArity(name.toLowerCase());
    return { entry: undefined, run: found.alone };
  }
  const part = upper(args[1]);
  const entry = Object.hasOwn(found.of, part) ? found.of[part] : undefined;
  if (entry === undefined)
    throw new Refusal(`ERR unknown subcommand '${raw(args[1] ?? new Uint8Array(0)).slice(0, 128)}'. Try ${name} HELP.`);
  return checked(`${name}|${part}`, entry, args);
}

function checked(name: string, entry: Entry, args: readonly Uint8Array[]): Found {
  const { arity, run } = entry;
  if (arity >= 0 ? args.length !== arity : args.length < -arity) throw wrongArity(name.toLowerCase());
  return { entry, run };
}

/** What a Redis takes that holds nothing, in bytes, or more: whoever may have less is full. */
const EMPTY_BYTES = 700_000;

/** Throws where it may not write: full, with too few replicas, or a replica itself. */
function refuseIfUnable(call: Call, entry: Entry | undefined): void {
  const { settings, master } = call.state;
  const { maxmemory } = settings;
  const changes = changesOf(call, entry);
  const isFull = master === undefined && maxmemory > 0 && maxmemory < EMPTY_BYTES;
  // Whatever is queued takes memory.
  const isQueued = call.connection.transaction !== undefined && entry?.unqueued !== 'ends';
  if (isFull && (changes === 'grows' || isQueued)) throw new Refusal("OOM command not allowed when used memory > 'maxmemory'.");
  if (changes === undefined) return;
  if (master === undefined && settings['min-replicas-to-write'] > 0) throw new Refusal('NOREPLICAS Not enough good replicas to write.');
  if (master !== undefined) throw new Refusal("READONLY You can't write against a read only replica.");
}

/** Of an EXEC: what it would carry out changes. */
function changesOf({ connection: { transaction } }: Call, entry: Entry | undefined): Changes | undefined {
  if (entry?.run !== exec || transaction === undefined) return entry?.changes;
  const all = transaction.queued.map(({ changes }) => changes);
  return all.includes('grows') ? 'grows' : all.find((each) => each !== undefined);
}

function isPostponed(call: Call, entry: Entry | undefined): boolean {
  const { pause } = call.state;
  if (pause === undefined || call.now >= pause.until) return false;
  return pause.of === 'all' || changesOf(call, entry) !== undefined;
}

function unknown(args: readonly Uint8Array[]): Refusal {
  let told = '';
  for (const arg of args.slice(1)) {
    if (told.length >= TOLD_ARGS) break;
    told += `'${raw(arg).slice(0, TOLD_ARGS - told.length)}' `;
  }
  return new Refusal(`ERR unknown command '${raw(args[0] ?? new Uint8Array(0)).slice(0, 128)}', with args beginning with: ${told}`);
}
