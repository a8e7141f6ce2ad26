import type { Text } from '../../protocols/carriers/resp/value.ts';
import type { BrokerCommand } from '../../protocols/common/broker.ts';
import { COMMANDS } from './model/table.ts';

/** A command as Redis takes it, which has no numbers. */
export function wordsOf(command: BrokerCommand): Text[] {
  return command.map((word) => (typeof word === 'number' ? String(word) : word));
}

/** Whether a command is not known to touch nothing but the keys that it names and its own connection. */
export function reachesAll(command: BrokerCommand): boolean {
  const [first = '', second = ''] = command.map((word) => String(word).toUpperCase());
  const found = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  if (found === undefined) return true;
  if (!('of' in found)) return found.all === true;
  const entry = Object.hasOwn(found.of, second) ? found.of[second] : undefined;
  return entry === undefined || entry.all === true;
}
