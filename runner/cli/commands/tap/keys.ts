import type { ReadStream } from 'node:tty';
import type { TypedFault } from '../../../tap/faults.ts';
import { KEY_FAULTS } from '../../../tap/key-faults.ts';

/** What a person at the terminal asks of a tap. */
export interface KeyActions {
  /** Arms, lifts or carries out a fault, and says what became of it. */
  fault(text: string): void;
  /** Tells frames again, or no more. */
  toggleFrames(): void;
  /** What was examined and broken so far. */
  summary(): void;
  help(): void;
  end(): void;
  /** Shows what is being typed; undefined when that is over. */
  typing(text: string | undefined): void;
}

/** What each key does, for people. */
export function keyHelp(faults: readonly TypedFault[]): string {
  const lines = [
    KEY_FAULTS.map(({ key, says }) => `${key} ${says}`).join('   '),
    ': type a fault      space frames on and off   i what was broken so far   ? keys   q end',
    ...faults.slice(0, 9).map(({ text }, i) => `${i + 1} ${text}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Reads keys from a terminal until the answer is called. */
export function readKeys(input: ReadStream, faults: readonly TypedFault[], actions: KeyActions): () => void {
  let typed: string | undefined;
  const hear = (chunk: Buffer): void => {
    for (const key of chunk.toString()) typed = next(key, typed, faults, actions);
  };
  input.setRawMode(true);
  input.resume();
  input.on('data', hear);
  return () => {
    input.off('data', hear);
    input.setRawMode(false);
    input.pause();
  };
}

/** What is being typed after a key; undefined where nothing is. */
function next(key: string, typed: string | undefined, faults: readonly TypedFault[], actions: KeyActions): string | undefined {
  if (key === '\u0003' || key === '\u0004') {
    actions.end();
    return undefined;
  }
  if (typed !== undefined) {
    const after = edited(key, typed);
    actions.typing(after);
    if (key === '\r' && typed.trim() !== '') actions.fault(typed);
    return after;
  }
  const word = KEY_FAULTS.find((each) => each.key === key)?.text ?? faults[Number(key) - 1]?.text;
  if (word !== undefined) actions.fault(word);
  else if (key === ' ') actions.toggleFrames();
  else if (key === 'i') actions.summary();
  else if (key === '?' || key === 'h') actions.help();
  else if (key === 'q') actions.end();
  else if (key === ':') {
    actions.typing('');
    return '';
  }
  return undefined;
}

function edited(key: string, typed: string): string | undefined {
  if (key === '\r' || key === '\u001b') return undefined;
  if (key === '\u007f' || key === '\b') return typed.slice(0, -1);
  return key < ' ' ? typed : typed + key;
}
