import type { ReadStream } from 'node:tty';
import { oneLine } from '../../../../protocols/common/plain.ts';
import { standing } from '../../../../viewer/model/standing.ts';
import type { ArmedFault } from '../../../faults/armed.ts';
import type { Masker } from '../../../masking/masker.ts';
import type { TypedFault } from '../../../tap/faults.ts';
import { KEY_FAULTS } from '../../../tap/key-faults.ts';

/** What a person at the terminal asks of a tap. */
export interface KeyActions {
  /** Arms or carries out a fault, and says what became of it. */
  fault(text: string): void;
  /** The faults at work. */
  armed(): readonly ArmedFault[];
  /** Lifts one of them, and says what became of it. */
  lift(id: number): void;
  /** Tells frames again, or no more. */
  toggleFrames(): void;
  /** What was examined and broken so far. */
  summary(): void;
  help(): void;
  end(): void;
  /** Tells something, in lines. */
  say(text: string): void;
  readonly masker: Masker;
  /** Shows a line that is being typed; undefined when that is over. */
  typing(line: string | undefined): void;
}

/** A line that is being typed, and what it is to say. */
interface Typed {
  readonly asks: 'fault' | 'lift';
  readonly text: string;
}

/** What each key does, for people. */
export function keyHelp(faults: readonly TypedFault[]): string {
  const lines = [
    KEY_FAULTS.map(({ key, says }) => `${key} ${says}`).join('   '),
    ': type a fault   x lift a fault   space frames on and off   i what was broken so far   ? keys   q end',
    ...faults.slice(0, 9).map(({ text }, i) => `${i + 1} ${text}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Reads keys from a terminal until the answer is called. */
export function readKeys(input: ReadStream, faults: readonly TypedFault[], actions: KeyActions): () => void {
  let typed: Typed | undefined;
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
function next(key: string, typed: Typed | undefined, faults: readonly TypedFault[], actions: KeyActions): Typed | undefined {
  if (key === '\u0003' || key === '\u0004') {
    actions.end();
    return undefined;
  }
  if (typed !== undefined) {
    const text = edited(key, typed.text);
    if (key === '\r') entered(typed, actions);
    return text === undefined ? ended(actions) : typing({ ...typed, text }, actions);
  }
  const word = KEY_FAULTS.find((each) => each.key === key)?.text ?? faults[Number(key) - 1]?.text;
  if (word !== undefined) actions.fault(word);
  else if (key === ' ') actions.toggleFrames();
  else if (key === 'i') actions.summary();
  else if (key === '?' || key === 'h') actions.help();
  else if (key === 'q') actions.end();
  else if (key === 'x') return lifting(actions);
  else if (key === ':') return typing({ asks: 'fault', text: '' }, actions);
  return undefined;
}

/** Lifts the one fault at work, or asks which. */
function lifting(actions: KeyActions): Typed | undefined {
  const armed = actions.armed();
  const [only, ...others] = armed;
  if (only === undefined) {
    actions.say('no fault is at work\n');
    return undefined;
  }
  if (others.length === 0) {
    actions.lift(only.id);
    return undefined;
  }
  actions.say(`faults at work, by the numbers that lift them:\n${armed.map((each) => `${lineOf(each, actions)}\n`).join('')}`);
  return typing({ asks: 'lift', text: '' }, actions);
}

/** `3 drop: { frame: { from: server } }  has struck 2 times, strikes once` */
function lineOf(fault: ArmedFault, { masker }: KeyActions): string {
  return `${fault.id} ${oneLine(masker.words(fault.what))}  ${standing(fault)}`;
}

/** Takes a line at its end. An empty one asks for nothing. */
function entered({ asks, text }: Typed, { fault, lift, say }: KeyActions): void {
  const asked = text.trim();
  if (asked === '') return;
  if (asks === 'fault') fault(text);
  else if (/^\d+$/.test(asked)) lift(Number(asked));
  else say(`a fault is lifted by its number, which ${oneLine(asked)} is not\n`);
}

function typing(typed: Typed, actions: KeyActions): Typed {
  actions.typing(`${typed.asks}: ${typed.text}`);
  return typed;
}

function ended(actions: KeyActions): undefined {
  actions.typing(undefined);
}

function edited(key: string, typed: string): string | undefined {
  if (key === '\r' || key === '\u001b') return undefined;
  if (key === '\u007f' || key === '\b') return typed.slice(0, -1);
  return key < ' ' ? typed : typed + key;
}
