import { peerOf, type Role } from '../../protocols/common/frame.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { type AxesOfFile, type Axis, type AxisValue, type Combination, fits, picksProblems, readAxes } from './axes.ts';
import { picks } from './axes-grammar.ts';
import type { CombinationOf } from './case.ts';
import { type Binding, fill, MOST_FILLED_VALUES, mentions } from './fill.ts';
import { underTest } from './grammar.ts';
import { problemsOf } from './issues.ts';
import type { Problem } from './problem.ts';
import type { Path, Source } from './source.ts';

/** One of the cases that a file stands for, filled in and ready to be parsed. */
export interface Part {
  readonly id: string;
  /** As if the file had been written for this combination and these roles alone; places are those of the file. */
  readonly source: Source;
  readonly combination: CombinationOf | undefined;
  readonly aliases: readonly string[];
  /** The combination and the role in words; empty where the file stands for one case. */
  readonly label: string;
}

/** The cases of a file, or what is wrong with its axes. */
export interface Unfolded {
  /** Only those that are wanted. */
  readonly parts: readonly Part[];
  readonly problems: readonly Problem[];
}

/** What is asked of a file. */
export interface Unfolding {
  /** The id that the file's path makes. */
  readonly id: string;
  /** Whether a case is wanted, by its id and the ids it had. Default: all. */
  readonly wants?: ((id: string, aliases: readonly string[]) => boolean) | undefined;
  /** Keys that nobody will look at, and that stay as they are. */
  readonly skip?: readonly string[];
}

const ROLE_NAMES: ReadonlySet<string> = new Set(['role', 'peer']);

/**
 * Takes a case file apart into its cases: one for each combination of its axes and, where the file speaks of roles (`${role}`,
 * `${peer}`, a `peer` step), each role under test. What does neither is one case, as it is written.
 */
export function unfold(source: Source, { id, wants, skip = [] }: Unfolding): Unfolded {
  const { value } = source;
  const written = isPlainObject(value) ? value : {};
  const parsedRoles = underTest.safeParse(written['under-test']);
  const aliasesWritten = written['aliases'];
  const named = isPlainObject(aliasesWritten) ? aliasesWritten : undefined;
  if (!isPlainObject(value) || !parsedRoles.success) return asWritten(source, id, aliasesWritten, wants);
  const brought = isPlainObject(parsedRoles.data) ? parsedRoles.data : undefined;
  const roles = rolesOf(parsedRoles.data);
  const apart = brought !== undefined || mentions(value, ROLE_NAMES) || (roles.length > 1 && isScripted(value));
  if (written['axes'] === undefined && !apart && named === undefined) return asWritten(source, id, aliasesWritten, wants);

  const { axes, combinations, problems: wrongAxes } = readAxes(source, roles);
  const { aliases, problems: wrongAliases } = readAliases(source, axes, roles, combinations);
  const problems = [...wrongAxes, ...wrongAliases];
  if (problems.length > 0) return { parts: [], problems };

  const splitsRoles = apart || roles.length === 1 || aliases.some(({ by }) => Object.hasOwn(by, 'role'));
  const others = counterNames(value);
  for (const name of [...axes.map((axis) => axis.name), ...ROLE_NAMES]) {
    if (!others.has(name)) continue;
    problems.push(
      source.problem(['steps'], `a \`repeat\` counts as \`${name}\`, which stands for something else`, 'give it another `as`', 'key'),
    );
  }
  const known = new Map(axes.map((axis) => [axis.name, membersOf(axis.values.map((each) => each.value))]));
  const roleMembers = membersOf(Object.values(brought ?? {}));
  const parts: Part[] = [];
  const allowance = { left: MOST_FILLED_VALUES };
  for (const { values, roles: own } of combinations) {
    if (allowance.left < 0) break;
    for (const together of splitsRoles ? own.map((role) => [role]) : [own]) {
      const [role] = together;
      if (role === undefined) continue;
      const segments = [...values.values()].map((each) => each.name);
      const caseId = [id, ...segments].join('/');
      const old = aliasesOf(aliases, values, role, segments);
      if (wants !== undefined && !wants(caseId, old)) continue;
      const scope = new Map([...values].map(([name, each]) => [name, bindingOf(each, known.get(name))]));
      if (together.length === 1) {
        const members = brought?.[role];
        scope.set('role', { text: role, value: role, members, known: roleMembers, path: ['under-test', role] });
        scope.set('peer', { text: peerOf(role), value: peerOf(role), members: undefined, known: new Set(), path: ['under-test'] });
      }
      const label = labelOf(values, together.length === 1 && roles.length > 1 ? role : undefined);
      const wrong: Problem[] = [];
      const { axes: _axes, aliases: _aliases, 'under-test': _roles, ...rest } = value;
      const skipped = Object.fromEntries(skip.flatMap((key) => (Object.hasOwn(rest, key) ? [[key, rest[key]]] : [])));
      const toFill = Object.fromEntries(Object.entries(rest).filter(([key]) => !skip.includes(key)));
      const filled = fill(
        toFill,
        scope,
        others,
        (path, message, hint, on) => wrong.push(source.problem(path, message, hint, on)),
        allowance,
      );
      problems.push(...wrong.map((problem) => labelled(problem, label)));
      if (wrong.length > 0) continue;
      parts.push({
        id: caseId,
        label,
        aliases: old,
        combination:
          axes.length === 0 ? undefined : { file: id, values: Object.fromEntries([...values].map(([name, each]) => [name, each.name])) },
        source: {
          ...source,
          value: { ...(filled.value as object), ...skipped, 'under-test': together },
          place: (path) => source.place(filled.origin(path)),
          problem: (path, message, hint, on) => source.problem(filled.origin(path), message, hint, on),
        },
      });
    }
  }
  return { parts, problems };
}

/** A problem of one combination. */
export function labelled(problem: Problem, label: string): Problem {
  return label === '' ? problem : { ...problem, message: `${problem.message} (${label})` };
}

/**
 * The problems of a file of so many cases, each once: what is wrong in all of them is the file's, what is wrong in several is
 * told of the first.
 */
export function told(problems: readonly Problem[], cases: number): Problem[] {
  const seen = new Map<string, { readonly first: Problem; readonly bare: string; count: number }>();
  for (const problem of problems) {
    const bare = problem.message.replace(/ \(with [^()]*\)$/, '');
    const key = `${problem.line}:${problem.column} ${bare}`;
    const known = seen.get(key);
    if (known === undefined) seen.set(key, { first: problem, bare, count: 1 });
    else known.count += 1;
  }
  return [...seen.values()].map(({ first, bare, count }) => {
    if (count === 1) return first;
    return { ...first, message: count >= cases ? bare : first.message.replace(/\)$/, `, and ${count - 1} more)`) };
  });
}

/** The roles that `under-test` names. */
export function rolesOf(written: ReturnType<typeof underTest.parse>): readonly Role[] {
  if (typeof written === 'string') return [written];
  if (Array.isArray(written)) return [...new Set(written)];
  return (['client', 'server'] as const).filter((role) => Object.hasOwn(written, role));
}

function asWritten(source: Source, id: string, written: unknown, wants: Unfolding['wants']): Unfolded {
  const aliases = Array.isArray(written) ? written.filter((each) => typeof each === 'string') : [];
  if (wants !== undefined && !wants(id, aliases)) return { parts: [], problems: [] };
  return { parts: [{ id, source, combination: undefined, aliases, label: '' }], problems: [] };
}

/** Whether a case has `peer` steps, which mean something else with the other role under test. */
function isScripted(value: Readonly<Record<string, unknown>>): boolean {
  return hasKey(value['steps'], 'peer') || hasKey(value['axes'], 'peer');
}

function hasKey(value: unknown, key: string): boolean {
  if (Array.isArray(value)) return value.some((item) => hasKey(item, key));
  return isPlainObject(value) && (Object.hasOwn(value, key) || Object.values(value).some((item) => hasKey(item, key)));
}

/** What the repeats of a case count as. */
function counterNames(value: unknown, into: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) for (const item of value) counterNames(item, into);
  if (!isPlainObject(value)) return into;
  const repeat = value['repeat'];
  if (isPlainObject(repeat)) into.add(typeof repeat['as'] === 'string' ? repeat['as'] : 'i');
  for (const item of Object.values(value)) counterNames(item, into);
  return into;
}

function membersOf(values: readonly unknown[]): ReadonlySet<string> | undefined {
  if (values.some((value) => typeof value === 'string' && value.includes('$' + '{'))) return undefined;
  return new Set(values.flatMap((value) => (isPlainObject(value) ? Object.keys(value) : [])));
}

function bindingOf({ name, value, path }: AxisValue, known: ReadonlySet<string> | undefined): Binding {
  return { text: name, value, members: value, known, path };
}

function labelOf(values: Combination, role: Role | undefined): string {
  const words = [...values].map(([name, { name: word }]) => `${name} ${word}`);
  const all = role === undefined ? words : [...words, `the ${role} under test`];
  return all.length === 0 ? '' : `with ${all.join(', ')}`;
}

interface Alias {
  readonly old: string;
  /** Undefined where all of the file had this id before. */
  readonly by: Readonly<Record<string, unknown>>;
  readonly whole: boolean;
}

function readAliases(
  source: Source,
  axes: readonly Axis[],
  roles: readonly Role[],
  combinations: AxesOfFile['combinations'],
): { readonly aliases: readonly Alias[]; readonly problems: readonly Problem[] } {
  const written = isPlainObject(source.value) ? source.value['aliases'] : undefined;
  if (Array.isArray(written)) {
    return { aliases: written.flatMap((old) => (typeof old === 'string' ? [{ old, by: {}, whole: true }] : [])), problems: [] };
  }
  if (!isPlainObject(written)) return { aliases: [], problems: [] };
  const problems: Problem[] = [];
  const aliases = Object.entries(written).flatMap(([old, by]): Alias[] => {
    const path: Path = ['aliases', old];
    const parsed = picks.safeParse(by);
    const wrong = parsed.success
      ? picksProblems(source, { by: parsed.data, path }, axes, roles)
      : problemsOf(source, path, by, parsed.error, picks);
    problems.push(...wrong);
    if (wrong.length > 0 || !parsed.success) return [];
    if (combinations.length > 0 && !combinations.some(({ values, roles: own }) => own.some((role) => fits(parsed.data, values, role)))) {
      problems.push(source.problem(path, 'no combination fits this'));
    }
    return [{ old, by: parsed.data, whole: false }];
  });
  return { aliases, problems };
}

/** The ids that a combination had; of a file that was renamed as a whole, with and without its segments. */
function aliasesOf(aliases: readonly Alias[], values: Combination, role: Role, segments: readonly string[]): string[] {
  return aliases.flatMap(({ old, by, whole }) => {
    if (!whole) return fits(by, values, role) ? [old] : [];
    return segments.length === 0 ? [old] : [old, [old, ...segments].join('/')];
  });
}
