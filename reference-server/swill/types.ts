import { isPlainObject } from '../../protocols/common/value.ts';

/** What a handler declares that it takes, or gives. */
export type Type =
  | { readonly type: 'None' | 'int' | 'float' | 'str' | 'bytes' | 'Any' | 'Unknown' }
  | { readonly type: 'list'; readonly of: Type; readonly each?: Constraint }
  | { readonly type: 'dict'; readonly of: Type; readonly each?: Constraint }
  | { readonly type: 'tuple'; readonly of: readonly Type[] }
  | { readonly type: 'Union'; readonly of: readonly Type[] }
  | { readonly type: 'struct'; readonly name: string; readonly fields: Readonly<Record<string, StructField>> };

/** A field of a struct. */
export interface StructField {
  readonly type: Type;
  /** What stands for one that is left out; without it the field is required. */
  readonly default?: unknown;
  readonly constraints?: readonly Constraint[];
}

/** What is wrong with a value of the right type, in words; undefined where nothing is. */
export type Constraint = (value: unknown) => string | undefined;

/** Bounds as they are annotated: greater-than and less-than leave the bound out, the others have it in (SWILL-VALID-06). */
export const bounds = {
  gt:
    (bound: number): Constraint =>
    (value) =>
      Number(value) > bound ? undefined : `not greater than ${bound}`,
  ge:
    (bound: number): Constraint =>
    (value) =>
      Number(value) >= bound ? undefined : `less than ${bound}`,
  lt:
    (bound: number): Constraint =>
    (value) =>
      Number(value) < bound ? undefined : `not less than ${bound}`,
  le:
    (bound: number): Constraint =>
    (value) =>
      Number(value) <= bound ? undefined : `greater than ${bound}`,
};

/** One thing that is wrong: with a value, with an item, with an entry, or by field. */
export type Finding = Readonly<Record<string, unknown>>;

/** A value that was checked: with its defaults, of the wrong type, or with findings by field (SWILL-VALID-03). */
export type Checked =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly why: 'type' }
  | { readonly ok: false; readonly why: 'findings'; readonly findings: Readonly<Record<string, readonly Finding[]>> };

const MISMATCH = { ok: false, why: 'type' } as const;

/** Checks a value that came, types first: what is of the wrong type has no findings (SWILL-VALID-01, 08). */
export function check(type: Type, value: unknown): Checked {
  const found = typed(type, value);
  if (!found.ok) return MISMATCH;
  const findings = findingsOf(type, found.value);
  const fields = type.type === 'struct' ? (findings[0] ?? {}) : {};
  return Object.keys(fields).length === 0
    ? { ok: true, value: found.value }
    : { ok: false, why: 'findings', findings: fields as Readonly<Record<string, readonly Finding[]>> };
}

/** Whether a value that a handler gives is of its declared type (SWILL-REQ-10). */
export function isOf(type: Type, value: unknown): boolean {
  return typed(type, value).ok;
}

type Fitted = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

const NO: Fitted = { ok: false };

function typed(type: Type, value: unknown): Fitted {
  const when = (fits: boolean): Fitted => (fits ? { ok: true, value } : NO);
  switch (type.type) {
    case 'None':
      return when(value === null || value === undefined);
    case 'int':
      return when(typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)));
    case 'float':
      return when(typeof value === 'number' || typeof value === 'bigint');
    case 'str':
      return when(typeof value === 'string');
    case 'bytes':
      return when(value instanceof Uint8Array);
    case 'Any':
    case 'Unknown':
      return { ok: true, value };
    case 'Union':
      return type.of.map((each) => typed(each, value)).find(({ ok }) => ok) ?? NO;
    case 'list':
      return Array.isArray(value) ? together(value.map((item) => typed(type.of, item))) : NO;
    case 'tuple':
      if (!Array.isArray(value) || value.length !== type.of.length) return NO;
      return together(value.map((item, i) => typed(type.of[i] ?? { type: 'None' }, item)));
    case 'dict':
      if (!isPlainObject(value)) return NO;
      return entries(Object.entries(value).map(([key, item]) => [key, typed(type.of, item)]));
    case 'struct': {
      if (!isPlainObject(value)) return NO;
      return entries(
        Object.entries(type.fields).map(([name, field]) => {
          if (Object.hasOwn(value, name)) return [name, typed(field.type, value[name])];
          return [name, 'default' in field ? { ok: true, value: field.default } : NO];
        }),
      );
    }
  }
}

function together(all: readonly Fitted[]): Fitted {
  const values: unknown[] = [];
  for (const one of all) {
    if (!one.ok) return NO;
    values.push(one.value);
  }
  return { ok: true, value: values };
}

function entries(all: readonly (readonly [string, Fitted])[]): Fitted {
  const result: Record<string, unknown> = {};
  for (const [key, one] of all) {
    if (!one.ok) return NO;
    result[key] = one.value;
  }
  return { ok: true, value: result };
}

/** What is wrong inside a value: a struct gives one map of its fields, a list and a dict name index and key (SWILL-VALID-07). */
function findingsOf(type: Type, value: unknown): Finding[] {
  switch (type.type) {
    case 'struct': {
      if (!isPlainObject(value)) return [];
      const fields = Object.entries(type.fields).flatMap(([name, field]) => {
        const own = descriptions(field.constraints ?? [], value[name]);
        const all = [...own, ...findingsOf(field.type, value[name])];
        return all.length === 0 ? [] : [[name, all] as const];
      });
      return fields.length === 0 ? [] : [Object.fromEntries(fields)];
    }
    case 'list':
      return (Array.isArray(value) ? value : []).flatMap((item, index) => within({ index }, type, item));
    case 'dict':
      return Object.entries(isPlainObject(value) ? value : {}).flatMap(([key, item]) => within({ key }, type, item));
    default:
      return [];
  }
}

function within(place: Finding, type: { readonly of: Type; readonly each?: Constraint }, item: unknown): Finding[] {
  const errors = [...descriptions(type.each === undefined ? [] : [type.each], item), ...findingsOf(type.of, item)];
  return errors.length === 0 ? [] : [{ ...place, errors }];
}

function descriptions(constraints: readonly Constraint[], value: unknown): Finding[] {
  return constraints.flatMap((constraint) => {
    const description = constraint(value);
    return description === undefined ? [] : [{ description }];
  });
}

/** A type as introspection tells it (SWILL-INTRO-03). */
export function describe(type: Type): Record<string, unknown> {
  const all = argumentsOf(type);
  const name = type.type === 'struct' ? type.name : type.type;
  return all === undefined ? { type: name } : { type: name, arguments: Object.fromEntries(all.map(([key, of]) => [key, describe(of)])) };
}

function argumentsOf(type: Type): (readonly [string, Type])[] | undefined {
  switch (type.type) {
    case 'list':
      return [['0', type.of]];
    case 'dict':
      return [
        ['0', { type: 'str' }],
        ['1', type.of],
      ];
    case 'tuple':
    case 'Union':
      return type.of.map((of, i) => [String(i), of]);
    case 'struct':
      return Object.entries(type.fields).map(([name, field]) => [name, field.type]);
    default:
      return undefined;
  }
}
