import { peerOf, type Role } from '../../protocols/common/frame.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import type { Fault } from '../faults/fault.ts';
import type { Hostility, Tampering } from './scenario.ts';
import { forgeryOf, type Words } from './words.ts';

/** A step as its file has it. */
type StepText = Readonly<Record<string, unknown>>;

/** The steps of a hostility toward the end under test; none where it needs a call and there is none. `call` is the one it may speak of. */
export function hostileSteps(hostility: Hostility, words: Words, underTest: Role, call: string | undefined): readonly StepText[] {
  const { hostile } = words;
  switch (hostility.do) {
    case 'tamper': {
      const frame = { from: peerOf(underTest), ...at(hostile.tampered, hostility.frame.what) };
      return [{ fault: tampering(hostility.how, { frame, nth: hostility.frame.nth }, words) }];
    }
    case 'interject': {
      const commands = at(hostile.commands[peerOf(underTest)], hostility.command);
      if (call === undefined && mentions(commands, '$call')) return [];
      return commands.map((command) => ({ peer: withCall(command, call ?? '') }));
    }
    case 'forge': {
      const { command, stream, base, parts } = forgeryOf(hostile, peerOf(underTest));
      if (stream !== undefined && call === undefined) return [];
      const chosen = Object.entries(parts).flatMap(([key, options], i) => {
        const choice = hostility.parts[i] ?? 0;
        return choice === 0 ? [] : [[key, at(options, choice - 1)] as const];
      });
      const named = stream === undefined ? {} : { [stream]: call };
      return [{ peer: { [command]: { ...named, ...base, ...Object.fromEntries(chosen) } } }];
    }
  }
}

function tampering(how: Tampering, tied: { frame: Record<string, unknown>; nth: number }, { hostile }: Words): Fault {
  switch (how.word) {
    case 'field':
      return { replace: { ...tied, set: { [at(hostile.fields, how.field)]: at(hostile.values, how.value) } } };
    case 'set':
      return { replace: { ...tied, set: at(hostile.sets, how.set) } };
    case 'corrupt':
      return { corrupt: { ...tied, byte: how.byte } };
    case 'truncate':
      return { truncate: { ...tied, to: how.to } };
  }
}

function at<T>(options: readonly T[], choice: number): T {
  const option = options[choice % options.length];
  if (option === undefined) throw new Error('fuzz.yaml: a list of choices is empty');
  return option;
}

function mentions(value: unknown, text: string): boolean {
  return JSON.stringify(value).includes(JSON.stringify(text));
}

function withCall(value: unknown, call: string): unknown {
  if (value === '$call') return call;
  if (Array.isArray(value)) return value.map((item) => withCall(item, call));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withCall(item, call)]));
}
