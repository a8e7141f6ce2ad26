import { type Carrier, type FaultWord, faultWords } from '../../protocols/common/carrier.ts';
import type { Fault } from './fault.ts';

/** A word of a fault, and the keys that lead to it from the fault. */
export interface SaidWord {
  readonly word: FaultWord;
  readonly path: readonly string[];
}

/** What a fault asks of its carrier: its word first, then what only some carriers can do of it. */
export function wordsOf(fault: Fault): SaidWord[] {
  if (typeof fault === 'string') return isWord(fault) ? [{ word: fault, path: [] }] : [];
  const said: SaidWord[] = [];
  for (const key of Object.keys(fault)) if (isWord(key)) said.push({ word: key, path: [key] });
  if (fault.cut?.at === 'inside') said.push({ word: 'cut.inside', path: ['cut', 'at'] });
  if (fault.split?.at !== undefined) said.push({ word: 'split.at', path: ['split', 'at'] });
  if (fault.inject?.text !== undefined) said.push({ word: 'inject.text', path: ['inject', 'text'] });
  if (fault.refuse?.how === 'http') said.push({ word: 'refuse.http', path: ['refuse', 'how'] });
  return said;
}

/** The first word of a fault that the carrier can do nothing for; undefined where it can do them all. */
export function unfit(fault: Fault, carrier: Pick<Carrier, 'faults'>): SaidWord | undefined {
  return wordsOf(fault).find(({ word }) => carrier.faults[word] === undefined);
}

/** That a carrier can do nothing for a word, and what it can do, for people. */
export function unfitSays({ word }: SaidWord, carrier: Pick<Carrier, 'faults' | 'name'>): string {
  return `${word} is nothing that ${carrier.name} can do; it can do ${fitWords(carrier)}`;
}

/** The words of what a carrier can do, for people: `cut, cut.inside, stall, …` */
export function fitWords({ faults }: Pick<Carrier, 'faults'>): string {
  return faultWords.filter((word) => faults[word] !== undefined).join(', ');
}

function isWord(text: string): text is FaultWord {
  return faultWords.some((word) => word === text);
}
