import { error } from '../../../protocols/carriers/resp/value.ts';
import { Refusal, wrongArity } from './refusal.ts';
import type { Call, Outcome, Run, State } from './state.ts';
import { COMMANDS, type Entry } from './table.ts';
import { bytes, raw, upper } from './words.ts';

/** Bytes of arguments that are told of a command that is not known, or a little more. */
const TOLD_ARGS = 128;

/** Runs a command, of one word or more; what is wrong with it is its reply. */
export function dispatch(call: Call): Outcome {
  try {
    const { entry, run } = commandOf(call.args);
    refuseIfUnable(call.state, entry);
    return isPostponed(call, entry) ? { type: 'postponed' } : run(call);
  } catch (refusal) {
    if (refusal instanceof Refusal) return error(bytes(refusal.text.replaceAll(/[\r\n]/g, ' ')));
    throw refusal;
  }
}

function commandOf(args: readonly Uint8Array[]): { readonly entry: Entry | undefined; readonly run: Run } {
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

function checked(name: string, entry: Entry, args: readonly Uint8Array[]): { readonly entry: Entry; readonly run: Run } {
  const { arity, run } = entry;
  if (arity >= 0 ? args.length !== arity : args.length < -arity) throw wrongArity(name.toLowerCase());
  return { entry, run };
}

/** What a Redis takes that holds nothing, in bytes, or more: whoever may have less is full. */
const EMPTY_BYTES = 700_000;

/** Throws where it may not write: full, with too few replicas, or a replica itself. */
function refuseIfUnable({ settings, master }: State, entry: Entry | undefined): void {
  if (entry?.changes === undefined) return;
  const { maxmemory } = settings;
  if (entry.changes === 'grows' && master === undefined && maxmemory > 0 && maxmemory < EMPTY_BYTES)
    throw new Refusal("OOM command not allowed when used memory > 'maxmemory'.");
  if (master === undefined && settings['min-replicas-to-write'] > 0) throw new Refusal('NOREPLICAS Not enough good replicas to write.');
  if (master !== undefined) throw new Refusal("READONLY You can't write against a read only replica.");
}

function isPostponed({ state: { pause }, now }: Call, entry: Entry | undefined): boolean {
  if (pause === undefined || now >= pause.until) return false;
  return pause.of === 'all' || entry?.changes !== undefined;
}

function unknown(args: readonly Uint8Array[]): Refusal {
  let told = '';
  for (const arg of args.slice(1)) {
    if (told.length >= TOLD_ARGS) break;
    told += `'${raw(arg).slice(0, TOLD_ARGS - told.length)}' `;
  }
  return new Refusal(`ERR unknown command '${raw(args[0] ?? new Uint8Array(0)).slice(0, 128)}', with args beginning with: ${told}`);
}
