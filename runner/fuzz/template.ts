import { isPlainObject, setOwn } from '../../protocols/common/value.ts';
import type { Draw } from './scenario.ts';

/** A store whose content nobody can know any more. */
export const UNKNOWN: unique symbol = Symbol('unknown');

/**
 * Puts generated values into a template: a text `$integer`, `$text`, … stands for the drawn value of that sort, and `{ $text: $integer }`
 * for it in writing, where a protocol's values are texts.
 */
export function drawInto(template: unknown, draw: Draw): unknown {
  return mapTexts(template, (text) =>
    text.startsWith('$') && Object.hasOwn(draw, text.slice(1)) ? draw[text.slice(1) as keyof Draw] : text,
  );
}

/**
 * The pattern of what a caller reads: `${request.msg}` stands for a member of what was sent, `${counter}` for a store; within a
 * longer text it is written out. A value nobody can know is `any`.
 */
export function fillPattern(template: unknown, scope: Readonly<Record<string, unknown>>): unknown {
  return mapTexts(template, (text) => {
    const whole = /^\$\{([\w.-]+)\}$/.exec(text)?.[1];
    if (whole !== undefined) return literal(lookUp(scope, whole));
    let known = true;
    const filled = text.replaceAll(/\$\{([\w.-]+)\}/g, (_, path: string) => {
      const value = lookUp(scope, path);
      if (value === UNKNOWN) known = false;
      return String(value);
    });
    return known ? filled : 'any';
  });
}

/** The plain value that a template stands for; `UNKNOWN` where nobody can know it. */
export function fillValue(template: unknown, scope: Readonly<Record<string, unknown>>): unknown {
  const whole = typeof template === 'string' ? /^\$\{([\w.-]+)\}$/.exec(template)?.[1] : undefined;
  return whole === undefined ? template : lookUp(scope, whole);
}

function literal(value: unknown): unknown {
  if (value === UNKNOWN) return 'any';
  return (typeof value === 'object' && value !== null) || value === 'any' ? { $exactly: value } : value;
}

/** Throws an Error where the path leads nowhere: the protocol's fuzz.yaml is wrong. */
function lookUp(scope: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = scope;
  for (const key of path.split('.')) {
    if (!isPlainObject(value) || !Object.hasOwn(value, key)) throw new Error(`fuzz.yaml: nothing is known of \${${path}}`);
    value = value[key];
  }
  return value;
}

/** A value as text: the items of a list joined by commas. What nobody can know stays so. */
function written(value: unknown): unknown {
  const known = isPlainObject(value) && Object.hasOwn(value, '$exactly') ? value['$exactly'] : value;
  return known === 'any' ? known : String(known);
}

function mapTexts(template: unknown, replace: (text: string) => unknown): unknown {
  if (typeof template === 'string') return replace(template);
  if (Array.isArray(template)) return template.map((item) => mapTexts(item, replace));
  if (!isPlainObject(template)) return template;
  if (Object.hasOwn(template, '$text')) return written(mapTexts(template['$text'], replace));
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(template)) setOwn(result, key, mapTexts(item, replace));
  return result;
}
