import { isPlainObject, toTagged } from '../../protocols/common/value.ts';
import { yaml } from '../cases/write.ts';
import type { Fault } from './fault.ts';

/** Characters of a fault that are shown, as many as of a step. */
const LONGEST = 160;

/** A fault as cases write it, on one line, cut at 160 characters: `drop: { frame: { from: server }, nth: 3 }`. */
export function faultText(fault: Fault): string {
  const text = typeof fault === 'string' ? fault : Object.entries(fault).flatMap(worded).join(', ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function worded([word, content]: readonly [string, unknown]): string[] {
  return content === undefined ? [] : [`${word}: ${yaml(toTagged(isPlainObject(content) ? said(content) : content))}`];
}

function said(content: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined));
}
