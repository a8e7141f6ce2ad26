import type { Role } from '../../protocols/common/frame.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { axesSchema } from './axes-grammar.ts';
import { problemsOf } from './issues.ts';
import type { Problem } from './problem.ts';
import type { Path, Source } from './source.ts';
import { suggestion } from './suggest.ts';

/** Most combinations that one file may stand for, those that are left out counted too. */
export const MOST_COMBINATIONS = 1000;

/** What an axis may not be called: these words stand for something else in a case. */
const RESERVED: ReadonlySet<string> = new Set(['role', 'peer', 'except', 'binding', 'codec']);

/** What a segment of an id may be: neither a glob nor what run ids use, and a file name everywhere. */
const SEGMENT = /^[A-Za-z0-9](?:[\w.-]*[\w-])?$/;

/** One value of an axis. */
export interface AxisValue {
  /** What it is called in ids, titles and texts. */
  readonly name: string;
  readonly value: unknown;
  /** Where the value stands. */
  readonly path: Path;
}

/** One axis of a file. */
export interface Axis {
  readonly name: string;
  readonly values: readonly AxisValue[];
}

/** One combination: a value of each axis, in their order. */
export type Combination = ReadonlyMap<string, AxisValue>;

/** The axes that a file names and the combinations that it stands for; without axes there is one combination, of nothing. */
export interface AxesOfFile {
  readonly axes: readonly Axis[];
  readonly combinations: readonly { readonly values: Combination; readonly roles: readonly Role[] }[];
  readonly problems: readonly Problem[];
}

/** What a file says of some of its combinations, and where. */
export interface Picks {
  readonly by: Readonly<Record<string, unknown>>;
  readonly path: Path;
}

/** Reads `axes` of a case file, given the roles under test. */
export function readAxes(source: Source, roles: readonly Role[]): AxesOfFile {
  const written = isPlainObject(source.value) ? source.value['axes'] : undefined;
  if (written === undefined) return { axes: [], combinations: [{ values: new Map(), roles }], problems: [] };
  const parsed = axesSchema.safeParse(written);
  if (!parsed.success) {
    return { axes: [], combinations: [], problems: problemsOf(source, ['axes'], written, parsed.error, axesSchema) };
  }
  const { except = [], ...named } = parsed.data;
  const problems: Problem[] = [];
  const axes = Object.entries(named).map(([name, values]) => readAxis(source, name, values, problems));
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (axes.length === 0) problems.push(source.problem(['axes'], 'no axis is named', 'name one, or leave `axes` out', 'key'));
  if (count > MOST_COMBINATIONS) {
    const hint = `a file may have ${MOST_COMBINATIONS}; make it several`;
    problems.push(source.problem(['axes'], `these axes have ${count} combinations`, hint, 'key'));
  }
  if (problems.length > 0) return { axes, combinations: [], problems };
  const left = except.map((by, i): Picks => ({ by, path: ['axes', 'except', i] }));
  problems.push(...left.flatMap((each) => picksProblems(source, each, axes, roles)));
  if (problems.length > 0) return { axes, combinations: [], problems };
  const fitted = new Set<Picks>();
  const combinations = product(axes).flatMap((values) => {
    const kept = roles.filter((role) => {
      const fitting = left.filter(({ by }) => fits(by, values, role));
      for (const each of fitting) fitted.add(each);
      return fitting.length === 0;
    });
    return kept.length === 0 ? [] : [{ values, roles: kept }];
  });
  for (const each of left) if (!fitted.has(each)) problems.push(source.problem(each.path, 'no combination fits this'));
  if (combinations.length === 0) problems.push(source.problem(['axes', 'except'], 'no combination is left', undefined, 'key'));
  return { axes, combinations, problems };
}

/** The name of a value that stands for itself; undefined where it has none. */
function nameOf(value: unknown): string | undefined {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

function readAxis(source: Source, name: string, written: unknown, problems: Problem[]): Axis {
  const at: Path = ['axes', name];
  if (!/^[A-Za-z][\w-]*$/.test(name) || RESERVED.has(name)) {
    const why = RESERVED.has(name) ? `\`${name}\` stands for something else in a case` : `\`${name}\` is no name for an axis`;
    problems.push(source.problem(at, why, 'a name starts with a letter and goes on with letters, digits, _ and -', 'key'));
  }
  const listed = Array.isArray(written);
  const entries: [string | undefined, unknown, string | number][] = listed
    ? written.map((value: unknown, i) => [nameOf(value), value, i])
    : Object.entries(written as Record<string, unknown>).map(([key, value]) => [key, value, key]);
  const known = new Set<string>();
  const values: AxisValue[] = [];
  for (const [word, value, key] of entries) {
    const path: Path = [...at, key];
    const hint = listed ? 'write the axis as a map and give the value a name' : 'letters, digits, _, - and . make a name';
    const say = (message: string): void => void problems.push(source.problem(path, message, hint, listed ? 'value' : 'key'));
    if (word === undefined) say(`a value of \`${name}\` has no name that an id could have`);
    else if (!SEGMENT.test(word) || /\.ya?ml$/i.test(word)) say(`\`${word}\` cannot be a segment of an id`);
    else if (known.has(word.toLowerCase())) say(`\`${name}\` has a value named \`${word}\` already`);
    else values.push({ name: word, value, path });
    if (word !== undefined) known.add(word.toLowerCase());
  }
  if (entries.length === 0) problems.push(source.problem(at, `\`${name}\` has no value`, undefined, 'key'));
  return { name, values };
}

/** All combinations, the last axis turning fastest. */
function product(axes: readonly Axis[]): Combination[] {
  return axes.reduce<Combination[]>(
    (so, { name, values }) => so.flatMap((combination) => values.map((value) => new Map(combination).set(name, value))),
    [new Map()],
  );
}

/** What is wrong with picks: axes and values that there are not. */
export function picksProblems(source: Source, { by, path }: Picks, axes: readonly Axis[], roles: readonly Role[]): Problem[] {
  const all = [
    ...axes.map(({ name, values }) => ({ name, names: values.map((value) => value.name) })),
    { name: 'role', names: [...roles] },
  ];
  return Object.entries(by).flatMap(([name, wanted]) => {
    const found = all.find((each) => each.name === name);
    if (found === undefined) {
      const known = all.map((each) => each.name);
      return [source.problem([...path, name], `no axis is named \`${name}\``, suggestion(name, known, 'axes'), 'key')];
    }
    return [wanted].flat().flatMap((word, i) => {
      if (found.names.some((known) => known === String(word))) return [];
      const at: Path = Array.isArray(wanted) ? [...path, name, i] : [...path, name];
      return [source.problem(at, `\`${name}\` has no value named \`${String(word)}\``, suggestion(String(word), found.names, 'values'))];
    });
  });
}

/** Whether picks mean this combination with this role under test. */
export function fits(by: Picks['by'], values: Combination, role: Role): boolean {
  return Object.entries(by).every(([name, wanted]) => {
    const own = name === 'role' ? role : values.get(name)?.name;
    return [wanted].flat().some((word) => String(word) === own);
  });
}
