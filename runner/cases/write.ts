import { isPlainObject } from '../../protocols/common/value.ts';

/** A step of a case as its file has it: a map of one key. */
export type WrittenStep = Readonly<Record<string, unknown>>;

/** A case as its file says it: the keys of the grammar with their values. */
export interface WrittenCase {
  readonly steps: readonly WrittenStep[];
  readonly expect?: readonly unknown[] | undefined;
  readonly [key: string]: unknown;
}

/** Keys of a case in the order in which they are written; what is not among them comes before the steps. */
const HEAD = ['title', 'requirements', 'under-test', 'bindings', 'codecs', 'needs', 'server', 'trace', 'tags', 'public', 'note'];

/** A case as the text of its file. Steps and expectations are a line each; what is empty or undefined is left out. */
export function caseFile({ steps, expect = [], ...head }: WrittenCase): string {
  const keys = [...HEAD, ...Object.keys(head).filter((key) => !HEAD.includes(key))];
  const lines = [
    ...keys.flatMap((key) => (isNothing(head[key]) ? [] : [`${key}: ${yaml(head[key])}`])),
    'steps:',
    ...steps.map((step) => `  - ${inBlock(step)}`),
    ...(expect.length === 0 ? [] : ['expect:', ...expect.map((line) => `  - ${yaml(line)}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || (isPlainObject(value) && Object.keys(value).length === 0);
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
