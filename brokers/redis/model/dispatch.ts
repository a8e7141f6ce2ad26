import { error } from '../../../protocols/carriers/resp/value.ts';
import { Refusal, wrongArity } from './refusal.ts';
import type { Call, Outcome, Run } from './state.ts';
import { COMMANDS, type Entry } from './table.ts';
import { bytes, raw, upper } from './words.ts';

/** Bytes of arguments that are told of a command that is not known, or a little more. */
const TOLD_ARGS = 128;

/** Runs a command, of one word or more; what is wrong with it is its reply. */
export function dispatch(call: Call): Outcome {
  try {
    return commandOf(call.args)(call);
  } catch (refusal) {
    if (refusal instanceof Refusal) return error(bytes(refusal.text.replaceAll(/[\r\n]/g, ' ')));
    throw refusal;
  }
}

function commandOf(args: readonly Uint8Array[]): Run {
  const name = upper(args[0]);
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (found === undefined) throw unknown(args);
  if (!('of' in found)) return checked(name, found, args);
  if (args.length === 1) {
    if (found.alone === undefined) throw wrongArity(name.toLowerCase());
    return found.alone;
  }
  const part = upper(args[1]);
  const entry = Object.hasOwn(found.of, part) ? found.of[part] : undefined;
  if (entry === undefined)
    throw new Refusal(`ERR unknown subcommand '${raw(args[1] ?? new Uint8Array(0)).slice(0, 128)}'. Try ${name} HELP.`);
  return checked(`${name}|${part}`, entry, args);
}

function checked(name: string, { arity, run }: Entry, args: readonly Uint8Array[]): Run {
  if (arity >= 0 ? args.length !== arity : args.length < -arity) throw wrongArity(name.toLowerCase());
  return run;
}

function unknown(args: readonly Uint8Array[]): Refusal {
  let told = '';
  for (const arg of args.slice(1)) {
    if (told.length >= TOLD_ARGS) break;
    told += `'${raw(arg).slice(0, TOLD_ARGS - told.length)}' `;
  }
  return new Refusal(`ERR unknown command '${raw(args[0] ?? new Uint8Array(0)).slice(0, 128)}', with args beginning with: ${told}`);
}
