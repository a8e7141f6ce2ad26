import type { Role } from '../../protocols/common/frame.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import type { Unfolded } from './unfold.ts';
import type { Words } from './words.ts';

/** What the head of a generated case says. */
export interface CaseFacts {
  readonly role: Role;
  readonly binding: string;
  readonly title: string;
  readonly note: string;
  /** Whether the wire must look as it does with the reference pair, where it can. */
  readonly compares: boolean;
}

/** Tag of cases in which the reference pair shows what must happen. */
export const HOSTILE = 'hostile';

/** A generated case as the text of its file. Steps are a line each. */
export function caseText({ steps, needs, server, mood, connections }: Unfolded, words: Words, facts: CaseFacts): string {
  const lines = [
    `title: ${yaml(facts.title)}`,
    `requirements: ${yaml(words.requirements)}`,
    `under-test: ${facts.role}`,
    `bindings: [${facts.binding}]`,
    ...(needs.length === 0 ? [] : [`needs: ${yaml(needs)}`]),
    ...(Object.keys(server).length === 0 ? [] : [`server: ${yaml(server)}`]),
    `trace: ${mood === 'calm' || (mood === 'hostile' && facts.compares) ? 'equivalent' : 'free'}`,
    ...(mood === 'hostile' ? [`tags: [${HOSTILE}]`] : []),
    `note: ${yaml(facts.note)}`,
    'steps:',
    ...steps.map((step) => `  - ${inBlock(step)}`),
    ...(connections === undefined ? [] : ['expect:', `  - connections: ${connections}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** A step is a map of one key, which stands outside of braces. */
function inBlock(step: Readonly<Record<string, unknown>>): string {
  return Object.entries(step)
    .map(([key, value]) => `${key}: ${yaml(value)}`)
    .join('');
}

/** A value in YAML's flow form, on one line; whatever it holds is read back the same. */
export function yaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yaml).join(', ')}]`;
  if (isPlainObject(value)) {
    const inside = Object.entries(value).map(([key, item]) => `${text(key)}: ${yaml(item)}`);
    return inside.length === 0 ? '{}' : `{ ${inside.join(', ')} }`;
  }
  return typeof value === 'string' ? text(value) : JSON.stringify(value);
}

/** Bare where nobody can mistake it, else in quotes with all escaped that YAML does not print. */
function text(value: string): string {
  if (/^[A-Za-z][\w./-]*$/.test(value) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(value)) return value;
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
