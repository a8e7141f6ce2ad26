import type * as z from 'zod';
import type { Role } from '../../protocols/common/frame.ts';
import { peerOf } from '../../protocols/common/frame.ts';
import { isPlainObject, setOwn } from '../../protocols/common/value.ts';
import { LONGEST_WAIT_MS } from '../longest-timer.ts';
import { toAction } from './action.ts';
import { repeatSchema } from './grammar.ts';
import { problemsOf } from './issues.ts';
import type { CaseLanguage } from './language.ts';
import type { Problem } from './problem.ts';
import { keysAt } from './schema-walk.ts';
import type { Path, Source } from './source.ts';
import type { Action, Step } from './step.ts';
import { type StepArguments, stepSchemas } from './step-grammar.ts';
import { suggestion } from './suggest.ts';
import { malformedTags } from './tags.ts';

/** Steps of a case, repeats unrolled: ten times those of the longest that was measured. */
export const MOST_STEPS = 1_000_000;

/** Characters that `$repeat` and `$join` make in one case, all together: as many as the frames of a run may have bytes. */
export const MOST_MADE_TEXT = 1024 * 1024 * 1024;

/** A step together with where it stands, for the checks that follow. */
export interface PlacedStep extends Step {
  readonly path: Path;
}

/** Reads the `steps` of one case. */
export interface StepReader {
  /** The flat list; steps that are wrong are left out of it and in `problems`. `roles` are those under test, where that can be told. */
  read(
    source: Source,
    roles: readonly Role[] | undefined,
  ): { readonly steps: readonly PlacedStep[]; readonly problems: readonly Problem[] };
}

/** Prepares the reading of steps for a protocol and its services. */
export function stepReader(language: CaseLanguage, procedureKinds: Readonly<Record<string, string>>): StepReader {
  const schemas = stepSchemas(language);
  const usual = { procedureKinds, kinds: language.kinds };
  const isKind = (key: string): key is keyof StepArguments => Object.hasOwn(schemas, key);
  const keys = [...Object.keys(schemas), 'peer', 'repeat'];
  return {
    read(source, roles) {
      const steps: PlacedStep[] = [];
      const problems: Problem[] = [];
      const text = { left: MOST_MADE_TEXT };
      const scripted = roles?.length === 1 && roles[0] !== undefined ? peerOf(roles[0]) : undefined;

      const parse = <T>(schema: z.ZodType<T>, value: unknown, path: Path): T | undefined => {
        const outcome = schema.safeParse(value);
        if (outcome.success) return outcome.data;
        problems.push(...problemsOf(source, path, value, outcome.error, schema));
        return undefined;
      };
      let quietMs = 0;
      const add = (action: Action, path: Path, raw: unknown): void => {
        if (action.kind === 'quiet') {
          quietMs += action.for;
          // What a step waits for comes, or ends the case; only what must stay away is waited for to the end.
          if (quietMs > LONGEST_WAIT_MS) {
            problems.push(source.problem(path, `the quiet steps of a case last at most ${LONGEST_WAIT_MS} ms together`));
            return;
          }
        }
        const requirement = isPlainObject(raw) && typeof raw['requirement'] === 'string' ? raw['requirement'] : undefined;
        steps.push({
          index: steps.length,
          get line() {
            return source.place(path).line;
          },
          get column() {
            return source.place(path).column;
          },
          requirement,
          get text() {
            return `${action.kind}: ${flow(raw)}`;
          },
          action,
          path,
        });
      };
      const peer = (command: unknown, path: Path): void => {
        if (roles === undefined) return;
        // A case with `peer` steps was taken apart by role.
        if (scripted === undefined) throw new Error('a case with `peer` steps has one role under test');
        const schema = language.peerScript[scripted];
        if (!isPlainObject(command)) {
          problems.push(source.problem(path, 'a `peer` step takes one command', suggestion('', keysAt(schema), 'commands')));
          return;
        }
        const words = Object.keys(command).filter((key) => key !== 'on');
        const [word] = words;
        if (word === undefined || words.length > 1) {
          problems.push(source.problem(path, `a \`peer\` step takes exactly one command, not ${words.length}`, 'make it a step for each'));
          return;
        }
        // As the peer reads it, with what the schema fills in.
        const read = parse(schema, command, path);
        if (read !== undefined) add({ kind: 'peer', command: read }, path.slice(0, -1), command);
      };
      const repeat = (value: unknown, path: Path, counters: Counters): void => {
        const loop = parse(repeatSchema, value, path);
        if (loop === undefined) return;
        if (steps.length + unrolled({ repeat: loop }) > MOST_STEPS) {
          problems.push(source.problem([...path, 'times'], `a case has at most ${MOST_STEPS} steps, its repeats unrolled`));
          return;
        }
        for (let round = 0; round < loop.times; round += 1) {
          const before = problems.length;
          const inner = { ...counters, [loop.as]: round };
          loop.steps.forEach((step, i) => {
            one(step, [...path, 'steps', i], inner);
          });
          // What is wrong in the first round is wrong in all.
          if (problems.length > before) return;
        }
      };
      const one = (step: unknown, path: Path, counters: Counters): void => {
        if (!isPlainObject(step)) {
          problems.push(source.problem(path, 'a step is a map with one key', suggestion(String(step), keys, 'steps')));
          return;
        }
        const [key, ...more] = Object.keys(step);
        if (key === undefined || more.length > 0) {
          const hint = more.length > 0 ? `begin a step of its own for \`${more.join('`, `')}\`` : suggestion('', keys, 'steps');
          problems.push(
            source.problem([...path, more[0] ?? 0], `a step has exactly one key, this one has ${more.length + (key ? 1 : 0)}`, hint, 'key'),
          );
          return;
        }
        const at: Path = [...path, key];
        if (key === 'repeat') {
          repeat(step[key], at, counters);
          return;
        }
        const value = fillIn(step[key], counters, text);
        if (text.left < 0) {
          const message = `\`$repeat\` and \`$join\` make at most ${MOST_MADE_TEXT} characters in a case`;
          problems.push(source.problem(at, message));
          return;
        }
        const malformed = malformedTags(source, at, value);
        if (malformed.length > 0) {
          problems.push(...malformed);
          return;
        }
        if (key === 'peer') {
          peer(value, at);
          return;
        }
        if (!isKind(key)) {
          problems.push(source.problem(at, `unknown step \`${key}\``, suggestion(key, keys, 'steps'), 'key'));
          return;
        }
        const args = parse<StepArguments[typeof key]>(schemas[key], value, at);
        if (args === undefined) return;
        const wrong = faultKeys(key, value);
        const twice = saidTwice(key, value);
        if (wrong !== undefined) problems.push(source.problem(at, wrong));
        else if (twice !== undefined) {
          const [other, word] = twice;
          problems.push(
            source.problem([...at, other], `\`${other}\` is another name of \`${word}\`, and both are here`, 'keep one of them', 'key'),
          );
        } else add(toAction(key, args, usual), path, value);
      };

      if (isPlainObject(source.value) && Array.isArray(source.value['steps'])) {
        source.value['steps'].forEach((step: unknown, i) => {
          one(step, ['steps', i], {});
        });
      }
      return { steps, problems };
    },
  };
}

/** Other names that members of steps have. */
export const OTHER_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  invoke: { on: 'at', init: 'value' },
  send: { request: 'value' },
};

/** A member of a step that stands there under both its names: the other one, and the name. */
function saidTwice(kind: string, value: unknown): readonly [string, string] | undefined {
  if (!isPlainObject(value) || !Object.hasOwn(OTHER_NAMES, kind)) return undefined;
  return Object.entries(OTHER_NAMES[kind] ?? {}).find(([other, name]) => Object.hasOwn(value, other) && Object.hasOwn(value, name));
}

function faultKeys(key: string, value: unknown): string | undefined {
  if (key !== 'fault' || !isPlainObject(value) || Object.keys(value).length === 1) return undefined;
  return `a fault has exactly one key, this one has ${Object.keys(value).length}`;
}

/** How many steps a step stands for, its repeats unrolled; 1 for what is none. */
function unrolled(step: unknown): number {
  const repeat = isPlainObject(step) ? step['repeat'] : undefined;
  if (!isPlainObject(repeat) || typeof repeat['times'] !== 'number' || !Array.isArray(repeat['steps'])) return 1;
  return repeat['times'] * repeat['steps'].reduce((sum: number, inner) => sum + unrolled(inner), 0);
}

type Counters = Readonly<Record<string, number>>;

/** How many characters `$repeat` and `$join` may still make; less than none where that was not enough, and the text is then not made. */
export interface MadeText {
  left: number;
}

/** Fills `${i}` in, everywhere in a value. A string that is nothing else becomes the number. `{$repeat: {text, times}}` and `{$join: texts}` become long texts, `{$merge: maps}` a map with the members of all, the later ones in front. */
export function fillIn(value: unknown, counters: Counters, made: MadeText = { left: MOST_MADE_TEXT }): unknown {
  if (typeof value === 'string') {
    const whole = /^\$\{(\w+)\}$/.exec(value)?.[1];
    if (whole !== undefined && Object.hasOwn(counters, whole)) return counters[whole];
    return value.replaceAll(/\$\{(\w+)\}/g, (text, name: string) => (Object.hasOwn(counters, name) ? String(counters[name]) : text));
  }
  if (Array.isArray(value)) return value.map((item) => fillIn(item, counters, made));
  if (!isPlainObject(value)) return value;
  const filled: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) setOwn(filled, key, fillIn(item, counters, made));
  return madeOf(filled, made) ?? filled;
}

/** What a map stands for that says how a value is made. */
function madeOf(value: Readonly<Record<string, unknown>>, made: MadeText): unknown {
  if (Object.keys(value).length !== 1) return undefined;
  const { $repeat: repeated, $join: joined, $merge: merged } = value;
  if (Array.isArray(merged) && merged.every(isPlainObject)) {
    const whole: Record<string, unknown> = {};
    for (const map of merged) for (const [key, item] of Object.entries(map)) setOwn(whole, key, item);
    return whole;
  }
  if (Array.isArray(joined) && joined.every((text) => typeof text === 'string')) {
    return make(
      joined.reduce((sum, text) => sum + text.length, 0),
      made,
      () => joined.join(''),
    );
  }
  if (!isPlainObject(repeated)) return undefined;
  const { text, times } = repeated;
  if (typeof text !== 'string' || typeof times !== 'number' || !Number.isInteger(times) || times < 0) return undefined;
  return make(text.length * times, made, () => text.repeat(times));
}

function make(length: number, made: MadeText, text: () => string): string {
  made.left -= length;
  return made.left < 0 ? '' : text();
}

/** A value in YAML's flow form, on one line, cut at 160 characters. */
export function flow(value: unknown): string {
  const text = flowOf(value);
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}

function flowOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowOf).join(', ')}]`;
  if (isPlainObject(value)) {
    const inside = Object.entries(value).map(([key, item]) => `${key}: ${flowOf(item)}`);
    return inside.length === 0 ? '{}' : `{ ${inside.join(', ')} }`;
  }
  if (typeof value !== 'string') return String(value);
  return /^[A-Za-z][\w./+ -]*$/.test(value) && !/^(?:true|false|null)$/.test(value) ? value : JSON.stringify(value);
}
