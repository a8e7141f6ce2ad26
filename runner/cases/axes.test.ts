import { describe, expect, test } from 'vitest';
import { MOST_COMBINATIONS } from './axes.ts';
import { eachOnce, type LoadedCase } from './case.ts';
import { caseParser, fileParser, headParser } from './parse.ts';
import { formatProblem, type Problem } from './problem.ts';
import { toyCase, toyCatalogue, toyLanguage } from './testing/toy.ts';

const parse = fileParser(toyLanguage, toyCatalogue);

function accepted(text: string, wants?: (id: string) => boolean): readonly LoadedCase[] {
  const outcome = parse('toy/a.yaml', 'toy/a', text, wants);
  if (!outcome.ok) throw new Error(outcome.problems.map(formatProblem).join('\n'));
  return outcome.cases;
}

function problems(text: string): readonly Problem[] {
  const outcome = parse('toy/a.yaml', 'toy/a', text);
  return outcome.ok ? [] : outcome.problems;
}

const fill = (name: string): string => `$\{${name}}`;
const ADD = `  - invoke: { as: sum, procedure: toys.add, init: { n: '${fill('n')}' } }\n`;
const END = '  - end: sum\n';
const N = { axes: '{ n: [1, two] }' };

describe('a case with axes', () => {
  test('is a case for each combination, with an id and a title of its own', () => {
    const axes = '{ n: [1, two], colour: { red: 5, a-list: [] } }';
    const cases = accepted(toyCase(ADD + END, { title: `A toy adds ${fill('n')} in ${fill('colour')}`, axes }));
    expect(cases.map(({ id }) => id)).toEqual(['toy/a/1/red', 'toy/a/1/a-list', 'toy/a/two/red', 'toy/a/two/a-list']);
    expect(cases.map(({ title }) => title).at(-1)).toBe('A toy adds two in a-list');
    expect(cases[0]?.combination).toEqual({ file: 'toy/a', values: { n: '1', colour: 'red' } });
  });

  test('has the value where a string is nothing else, and its name within a text and in keys', () => {
    const axes = '{ n: { nothing: null, a-map: { x: 1 }, gone: { $undefined: true } } }';
    const steps = `  - invoke: { as: sum, procedure: toys.add, init: { whole: '${fill('n')}', text: 'a ${fill('n')} b', 'k-${fill('n')}': 1 } }\n${END}`;
    const inits = accepted(toyCase(steps, { axes })).map(({ steps: [first] }) => first?.action.kind === 'invoke' && first.action.value);
    expect(inits).toEqual([
      { whole: null, text: 'a nothing b', 'k-nothing': 1 },
      { whole: { x: 1 }, text: 'a a-map b', 'k-a-map': 1 },
      { whole: { $undefined: true }, text: 'a gone b', 'k-gone': 1 },
    ]);
  });

  test('takes several things from one value, and leaves out what a value does not have', () => {
    const axes = `{ n: { a: { init: 1, bindings: [packed], needs: [wheels], more: [{ finish: sum }] }, b: { init: { deep: 2 } } } }`;
    const steps = `  - invoke: { as: sum, procedure: toys.add, init: '${fill('n.init')}' }\n  - ${fill('n.more')}\n${END}`;
    const [a, b] = accepted(toyCase(steps, { axes, bindings: `'${fill('n.bindings')}'`, needs: `[wheels, '${fill('n.needs')}']` }));
    expect(a).toMatchObject({ bindings: ['packed'], needs: ['wheels', 'wheels'] });
    expect(a?.steps.map(({ action }) => action.kind)).toEqual(['invoke', 'finish', 'end']);
    expect(b).toMatchObject({ bindings: undefined, needs: ['wheels'] });
    expect(b?.steps.map(({ action }) => action.kind)).toEqual(['invoke', 'end']);
    expect(accepted(toyCase(steps.replace('n.init', 'n.init.deep'), { axes })).at(-1)?.steps[0]?.action).toMatchObject({ value: 2 });
  });

  test('goes on with values that name other axes, and counters of repeats stay', () => {
    const axes = `{ n: { a: { as: '${fill('colour')}${fill('i')}' } }, colour: [red] }`;
    const inner = `        - invoke: { as: '${fill('n.as')}', procedure: toys.add }\n        - end: '${fill('n.as')}'\n`;
    const [only] = accepted(toyCase(`  - repeat:\n      times: 2\n      steps:\n${inner}`, { axes }));
    expect(only?.steps.map(({ action }) => 'call' in action && action.call)).toEqual(['red0', 'red0', 'red1', 'red1']);
  });

  test('leaves out what is excepted, also for one role', () => {
    const axes = '{ n: [1, 2, 3], except: [{ n: 1 }, { n: [2], role: server }] }';
    expect(accepted(toyCase(ADD + END, { axes })).map(({ id, roles }) => [id, roles])).toEqual([
      ['toy/a/2', ['client']],
      ['toy/a/3', ['client', 'server']],
    ]);
  });

  test('takes members from a value that stands for another', () => {
    const axes = `{ n: { a: '${fill('role.it')}' } }`;
    const underTest = '{ client: { it: { x: 1 } }, server: { it: { x: 2 } } }';
    const cases = accepted(toyCase(ADD.replace(fill('n'), fill('n.x')) + END, { axes, 'under-test': underTest }));
    expect(cases.map(({ steps: [first] }) => first?.action)).toMatchObject([{ value: { n: 1 } }, { value: { n: 2 } }]);
  });

  test('merges maps', () => {
    const steps = ADD.replace(`'${fill('n')}'`, `{ $merge: [{ a: 1, b: 1 }, { b: 2 }, '${fill('n.more')}'] }`) + END;
    const cases = accepted(toyCase(steps, { axes: '{ n: { one: {}, two: { more: { c: 3 } } } }' }));
    expect(cases.map(({ steps: [first] }) => first?.action)).toMatchObject([
      { value: { n: { a: 1, b: 2 } } },
      { value: { n: { a: 1, b: 2, c: 3 } } },
    ]);
  });

  test('makes only the cases that are wanted', () => {
    const wrong = toyCase(ADD + END, { axes: '{ n: { good: 1, bad: { $bytes: "***" } } }' });
    expect(accepted(wrong, (id) => id === 'toy/a/good').map(({ id }) => id)).toEqual(['toy/a/good']);
    expect(problems(wrong)).toHaveLength(1);
  });

  test('can be asked for its heads alone', () => {
    const outcome = headParser(toyLanguage, toyCatalogue)(
      'toy/a.yaml',
      'toy/a',
      toyCase('  - nonsense\n', { ...N, title: `A toy adds ${fill('n')}` }),
    );
    expect(outcome.ok && outcome.cases.map(({ id, title }) => [id, title])).toEqual([
      ['toy/a/1', 'A toy adds 1'],
      ['toy/a/two', 'A toy adds two'],
    ]);
  });

  test('is found again by the id of one combination', () => {
    const one = caseParser(toyLanguage, toyCatalogue)('toy/a.yaml', 'toy/b/two', toyCase(ADD + END, N));
    expect(one.ok && one.case).toMatchObject({ id: 'toy/b/two', combination: { file: 'toy/b' } });
    const none = caseParser(toyLanguage, toyCatalogue)('toy/a.yaml', 'toy/b/three', toyCase(ADD + END, N));
    expect(!none.ok && none.problems[0]?.message).toMatch(/no combination makes `toy\/b\/three`/);
  });
});

describe('roles', () => {
  const steps = `${ADD.replace(`'${fill('n')}'`, `'${fill('role')} ${fill('peer')}'`)}${END}`;

  test('are told apart where a case speaks of them', () => {
    const cases = accepted(toyCase(steps));
    expect(cases.map(({ id, roles }) => [id, roles])).toEqual([
      ['toy/a', ['client']],
      ['toy/a', ['server']],
    ]);
    expect(cases.map(({ steps: [first] }) => first?.action)).toMatchObject([
      { value: { n: 'client server' } },
      { value: { n: 'server client' } },
    ]);
    expect(eachOnce(cases).map(({ roles }) => roles)).toEqual([['client', 'server']]);
  });

  test('bring what each needs, and both may have peer steps', () => {
    const underTest =
      '{ client: { act: [{ peer: { mute: true } }], rule: TOY-01 }, server: { act: [{ peer: { shout: a } }], rule: TOY-02 } }';
    const cases = accepted(
      toyCase(`  - ${fill('role.act')}\n${ADD.replace(fill('n'), '1')}${END}`, {
        'under-test': underTest,
        requirements: `['${fill('role.rule')}']`,
      }),
    );
    expect(cases.map(({ requirements, steps: [first] }) => [requirements, first?.action])).toEqual([
      [['TOY-01'], { kind: 'peer', command: { mute: true } }],
      [['TOY-02'], { kind: 'peer', command: { shout: 'a' } }],
    ]);
  });

  test('have ids of their own in a bundle', () => {
    const parser = caseParser(toyLanguage, toyCatalogue);
    const found = parser('toy/a.yaml', 'toy/a', toyCase(steps), 'server');
    expect(found.ok && found.case.roles).toEqual(['server']);
  });
});

describe('old ids', () => {
  test('belong to combinations, to roles of them, or with and without segments to all', () => {
    const aliases = '{ toy/old/one: { n: 1 }, toy/old/served: { n: [1, two], role: server } }';
    expect(accepted(toyCase(ADD + END, { ...N, aliases })).map(({ id, roles, aliases: old }) => [id, ...roles, ...old])).toEqual([
      ['toy/a/1', 'client', 'toy/old/one'],
      ['toy/a/1', 'server', 'toy/old/one', 'toy/old/served'],
      ['toy/a/two', 'client'],
      ['toy/a/two', 'server', 'toy/old/served'],
    ]);
    const renamed = accepted(toyCase(ADD + END, { ...N, aliases: '[toy/old]' }));
    expect(renamed.map(({ aliases: old }) => old)).toEqual([
      ['toy/old', 'toy/old/1'],
      ['toy/old', 'toy/old/two'],
    ]);
  });
});

/** [what, head, steps, message, hint, line, column] */
const WRONG: readonly [string, Readonly<Record<string, string>>, string, RegExp, RegExp | undefined, number, number][] = [
  ['a name that is no axis', N, ADD.replace(fill('n'), fill('m')) + END, /^no axis is named `m`$/, /`n`|names: /, 6, 56],
  [
    'a member that no value brings',
    N,
    ADD.replace(fill('n'), fill('n.x')) + END,
    /no value of `n` brings `x`/,
    /there are no members/,
    6,
    56,
  ],
  ['a value in a list that has no name', { axes: '{ n: [1, [2]] }' }, ADD + END, /`n` has no name that an id/, /map and give/, 4, 16],
  ['a name that no id can have', { axes: '{ n: { a/b: 1 } }' }, ADD + END, /`a\/b` cannot be a segment/, undefined, 4, 14],
  ['a name that globs would mistake', { axes: '{ n: { "a*": 1 } }' }, ADD + END, /`a\*` cannot be a segment/, undefined, 4, 14],
  ['names that differ in case only', { axes: '{ n: [a, A] }' }, ADD + END, /`n` has a value named `A` already/, undefined, 4, 16],
  ['an axis that is called like a role', { axes: '{ role: [a] }' }, ADD + END, /`role` stands for something else/, undefined, 4, 9],
  ['an axis without values', { axes: '{ n: {} }' }, ADD + END, /`n` has no value/, undefined, 4, 9],
  ['no axis', { axes: '{}' }, ADD + END, /no axis is named/, undefined, 4, 1],
  [
    'too many combinations',
    { axes: `{ n: [1, 2], m: [${Array.from({ length: 600 }, (_, i) => i).join(', ')}] }` },
    ADD + END,
    /1200 combinations/,
    new RegExp(`${MOST_COMBINATIONS}`),
    4,
    1,
  ],
  [
    'an exception that fits nothing',
    { axes: '{ n: [1, 2], except: [{ n: 1 }, { n: 1, role: client }, { n: 2, role: toy }] }' },
    ADD + END,
    /`role` has no value named `toy`/,
    /client/,
    4,
    77,
  ],
  ['an exception of an unknown axis', { axes: '{ n: [1, 2], except: [{ m: 1 }] }' }, ADD + END, /no axis is named `m`/, /`n`|axes:/, 4, 31],
  ['exceptions that leave nothing', { axes: '{ n: [1], except: [{ n: 1 }] }' }, ADD + END, /no combination is left/, undefined, 4, 17],
  [
    'an old id of a combination that is left out',
    { ...N, aliases: '{ toy/old: { n: 3 } }' },
    ADD + END,
    /`n` has no value named `3`/,
    undefined,
    5,
    26,
  ],
  [
    'a value that is no text within one',
    { axes: '{ n: { a: { x: [] } } }' },
    ADD.replace(fill('n'), `a ${fill('n.x')}`) + END,
    /cannot stand in the middle of a text/,
    undefined,
    6,
    56,
  ],
  ['a value that stands for itself', { axes: `{ n: { a: '${fill('n')}' } }` }, ADD + END, /stands for itself/, undefined, 4, 17],
  [
    'a counter that is called like an axis',
    N,
    `  - repeat: { times: 1, as: n, steps: [{ end: sum }] }\n`,
    /counts as `n`/,
    undefined,
    5,
    1,
  ],
];

describe('axes that are wrong', () => {
  test.each(WRONG)('%s', (_what, head, steps, message, hint, line, column) => {
    const found = problems(toyCase(steps, head)).find((problem) => message.test(problem.message));
    expect(found, JSON.stringify(problems(toyCase(steps, head)))).toMatchObject({ line, column });
    if (hint !== undefined) expect(found?.hint).toMatch(hint);
  });

  test('what is wrong in one combination is told with it, at the value', () => {
    const [problem, ...more] = problems(toyCase(ADD + END, { axes: '{ n: { good: 1, bad: { $bytes: "***" } } }' }));
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ message: expect.stringMatching(/\$bytes.* \(with n bad\)$/) as string, line: 4, column: 38 });
  });

  test('what is wrong in several is told of the first, in all of them of none', () => {
    const some = problems(toyCase(ADD.replace('toys.add', `'toys.${fill('n')}'`) + END, { axes: '{ n: [add, play, tidy, wash] }' }));
    expect(some.map(({ message }) => message)).toEqual([
      'services.yaml has no procedure `toys.tidy` (with n tidy)',
      'services.yaml has no procedure `toys.wash` (with n wash)',
    ]);
    const twice = problems(toyCase(ADD + END, { axes: '{ n: { good: 1, bad: { $bytes: "***" } }, colour: [red, blue] }' }));
    expect(twice.map(({ message }) => message)).toEqual([expect.stringMatching(/\(with n bad, colour red, and 1 more\)$/)]);
    const all = problems(toyCase(`${ADD}  - end: sun\n`, N));
    expect(all.map(({ message }) => message)).toEqual(['no call named `sun` was invoked before this']);
  });

  test('values that name each other make no more of a file than is bounded', () => {
    const ten = (name: string): string =>
      `[${Array(10)
        .fill(`'${fill(name)}'`)
        .join(', ')}]`;
    const axes = `{ n: { a: { x: ${ten('n.y')}, y: ${ten('n.z')}, z: ${ten('n.u')}, u: ${ten('n.v')}, v: ${ten('n.w')}, w: ${ten('n.t')}, t: [${'0, '.repeat(99)}0] } } }`;
    const found = problems(toyCase(ADD.replace(fill('n'), fill('n.x')) + END, { axes }));
    expect(found.map(({ message }) => message)).toEqual([expect.stringMatching(/at most 5000000 values/)]);
  });

  test('a step that a value brings is told where the value stands', () => {
    const axes = '{ n: { a: [{ end: sum }], b: [{ ende: sum }] } }';
    const found = problems(toyCase(`${ADD.replace(fill('n'), '1')}  - ${fill('n')}\n`, { axes }));
    expect(found).toMatchObject([{ message: 'unknown step `ende` (with n b)', line: 4, column: 39 }]);
  });
});
