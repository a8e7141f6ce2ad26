import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { askedCommandLine } from './testing/command-line.ts';

const { folder, weir } = askedCommandLine('fuzz');

describe('weir fuzz', () => {
  test.each([
    ['no scenario at all', ['--runs', '0'], 'expected a whole number, 1 or more'],
    ['no time', ['--time', '0'], 'expected a number above 0'],
    ['an unknown role', ['--role', 'proxy'], 'Allowed choices are client, server'],
    ['an unknown binding', ['--binding', 'xml'], 'there is no binding xml; there is json, msgpack'],
    ['an unknown feature', ['rsocket', '--without', 'wings'], 'there is no feature wings; there is resume, lease'],
    ['an unknown protocol', ['brook'], 'there is no protocol "brook"'],
    ['an implementation in the simulated world', ['-i', 'reference-node', '--world', 'simulated'], 'lives in the real world'],
    ['an implementation that is not there', ['-i', './nowhere'], 'no implementation "./nowhere"'],
  ])('refuses %s', async (_name, words, message) => {
    const { exitCode, stderr } = await weir('fuzz', ...words);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  test.each(['simulated', 'real'])('finds nothing in the reference pair, %s world', async (world) => {
    const { exitCode, stdout } = await weir('fuzz', '--world', world, '--runs', '8', '--seed', '3');
    expect(stdout).toContain('seed 3');
    expect(stdout).toContain('8 scenarios');
    expect(stdout).toContain('nothing found');
    expect(exitCode).toBe(0);
  });
});

describe('a case file from elsewhere', () => {
  const text = (answer: number): string =>
    [
      'title: A sum is what was asked for',
      'requirements: [RIVER-RECON-05]',
      'under-test: client',
      'steps:',
      '  - invoke: { as: sum, procedure: test.add, init: { n: 1 } }',
      `  - receive: { from: sum, ok: { result: ${answer} } }`,
    ].join('\n');

  test('is run by its path, however it is written', async () => {
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine', 'sum.yaml'), text(1));
    for (const path of ['mine/sum.yaml', './mine/sum.yaml', join(folder, 'mine', 'sum.yaml')]) {
      const { exitCode, stdout } = await weir('run', path, '--world', 'simulated', '--no-output');
      expect(stdout).toContain('2 passed');
      expect(exitCode).toBe(0);
    }
  });

  test.each([
    ['in lines', ['requirements:', '  - RSOCKET-RR-05'], '2 case-runs'],
    [
      'behind one that an axis gives',
      [`requirements: ['\${rule}', RSOCKET-RR-05]`, 'axes: { rule: [RSOCKET-RR-01, RSOCKET-RR-02] }'],
      '4 case-runs',
    ],
  ])('is of the protocol whose requirements it names, %s', async (_where, requirements, runs) => {
    const words = ['title: An echo says the same', ...requirements, 'under-test: client', 'steps:'];
    const steps = ['  - invoke: { as: call, procedure: echo, value: x }', '  - receive: { from: call, ok: x }'];
    writeFileSync(join(folder, 'echo.yaml'), [...words, ...steps].join('\n'));
    const { exitCode, stdout } = await weir('run', join(folder, 'echo.yaml'), '--world', 'simulated', '--no-output');
    expect(stdout).toContain(`RSocket 1.0: ${runs}`);
    expect(exitCode).toBe(0);
  });

  test('is run alone, also where its name is the protocol’s', async () => {
    const words = ['title: An echo says the same', 'requirements: [RSOCKET-RR-05]', 'under-test: client', 'steps:'];
    const steps = ['  - invoke: { as: call, procedure: echo, value: x }', '  - receive: { from: call, ok: x }'];
    writeFileSync(join(folder, 'rsocket.yaml'), [...words, ...steps].join('\n'));
    const { exitCode, stdout } = await weir('run', './rsocket.yaml', '--world', 'simulated', '--no-output');
    expect(stdout).toContain('RSocket 1.0: 2 case-runs');
    expect(exitCode).toBe(0);
  });

  test('is named in the command that repeats its failure', async () => {
    writeFileSync(join(folder, 'wrong.yaml'), text(2));
    const { exitCode, stdout } = await weir('run', './wrong.yaml', '--world', 'simulated', '--binding', 'json', '--no-output');
    expect(stdout).toContain("npx weir run './wrong.yaml' --role client --binding json");
    expect(exitCode).not.toBe(0);
  });

  test('must not take the id of a case of the corpus', async () => {
    mkdirSync(join(folder, 'rpc'));
    writeFileSync(join(folder, 'rpc', 'add.yaml'), text(1));
    const { exitCode, stderr } = await weir('run', './rpc/add.yaml');
    expect(stderr).toContain('would have the id of the case river/rpc/add; give it another name');
    expect(exitCode).toBe(2);
  });

  test('is refused with file, line and column where it is wrong', async () => {
    writeFileSync(join(folder, 'broken.yaml'), text(1).replace('invoke:', 'invok:'));
    const { exitCode, stderr } = await weir('run', './broken.yaml');
    expect(stderr).toContain('./broken.yaml:5:5: unknown step `invok`');
    expect(exitCode).toBe(2);
  });
});
