import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { diffReport } from '../compare/grammar.ts';
import { askedCommandLine, main } from './testing/command-line.ts';

/** A case that calls once, with a number. */
const calling = (n: number): string => `title: One call
requirements: [RIVER-STREAM-RPC-01]
under-test: client
steps:
  - invoke: { as: sum, procedure: test.add, init: { n: ${n} } }
  - receive: { from: sum, ok: { result: ${n} } }
`;

/** The same, and a second call. */
const CALLING_TWICE = `${calling(3)}  - invoke: { as: more, procedure: test.add, init: { n: 1 } }
  - receive: { from: more, ok: { result: 4 } }
`;

describe.skipIf(!existsSync(main))('weir diff', () => {
  const { folder, weir } = askedCommandLine('diff');

  const traceOf = async (name: string, text: string, binding: string, seed: string): Promise<string> => {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'one-call.yaml'), text);
    const words = ['run', `./${name}/one-call.yaml`, '--world', 'simulated', '--binding', binding, '--seed', seed];
    const { exitCode, stdout, stderr } = await weir(...words, '--traces', 'all', '--output', join(name, 'out'));
    expect(exitCode, `${stdout}${stderr}`).toBe(0);
    const [file = ''] = readdirSync(join(folder, name, 'out', 'traces'));
    return join(name, 'out', 'traces', file);
  };

  let three: string;
  let again: string;
  let four: string;
  let twice: string;
  beforeAll(async () => {
    three = await traceOf('three', calling(3), 'json', '1');
    again = await traceOf('again', calling(3), 'msgpack', '2');
    four = await traceOf('four', calling(4), 'json', '1');
    twice = await traceOf('twice', CALLING_TWICE, 'json', '1');
  });

  test('traces of one scenario are the same, whatever their ids, times and binding', async () => {
    const { exitCode, stdout } = await weir('diff', three, again);
    expect(stdout).toMatch(/\n\d+ frames say the same$/);
    expect(exitCode).toBe(0);
  });

  test('what differs between traces is told down to the field', async () => {
    const { exitCode, stdout } = await weir('diff', three, four);
    expect(stdout).toMatch(/client on main\/sum: frame \d+ of a, frame \d+ of b\n {2}a .* open test\.add \{"n":3\}.*\n {2}b .*\{"n":4\}/);
    expect(stdout).toMatch(/payload.*n: 3 in a, 4 in b/);
    expect(exitCode).toBe(1);
    const report = diffReport.parse(JSON.parse((await weir('diff', three, four, '--json')).stdout));
    if (report.of !== 'traces') throw new Error('they are');
    expect(report.differing.map(({ stream, from, members }) => [stream, from, members.map(({ a, b }) => [a, b])])).toEqual([
      ['main/sum', 'client', [[3, 4]]],
      ['main/sum', 'server', [[3, 4]]],
    ]);
    expect([report.onlyInA, report.onlyInB]).toEqual([[], []]);
  });

  test('frames that only one trace has are told as such', async () => {
    const only = async (a: string, b: string) => {
      const { stdout, exitCode } = await weir('diff', a, b);
      expect(exitCode).toBe(1);
      return Array.from(
        stdout.matchAll(/^(\w+) on (\S+): frame \d+ only in (\w)/gm),
        ([, from, stream, side]) => `${side} ${from} ${stream}`,
      );
    };
    expect(await only(three, twice)).toEqual(['b client main/more', 'b server main/more']);
    expect(await only(twice, three)).toEqual(['a client main/more', 'a server main/more']);
  });

  test('results: the same, and with a failure', async () => {
    expect((await weir('diff', 'three/out', 'three/out/results.json')).exitCode).toBe(0);
    const results = JSON.parse(readFileSync(join(folder, 'three/out/results.json'), 'utf8'));
    const finding = { judge: 'expectation', checkpoint: 'step:1', level: 'MUST', message: 'nothing', events: [], fingerprint: 'a/b/c/d' };
    results.runs[0] = { ...results.runs[0], verdict: 'fail', expected: 'new-failure', findings: [finding] };
    writeFileSync(join(folder, 'broken.json'), JSON.stringify(results));
    const { exitCode, stdout } = await weir('diff', 'three/out', 'broken.json');
    expect(stdout).toContain('1 case-run worse in b\n  pass → fail (a/b/c/d)\n    nothing\n');
    expect(exitCode).toBe(1);
    const read = diffReport.parse(JSON.parse((await weir('diff', 'broken.json', 'three/out', '--json')).stdout));
    expect(read).toMatchObject({ of: 'results', counts: { mended: 1 }, same: 0 });
  });

  test.for([
    [() => ['three/out', three], /holds results, .* a trace: only two of one kind/],
    [() => [three, 'nowhere.json'], /there is no such file/],
    [() => [three], /missing required argument/],
  ] as const)('wrong usage %# is told', async ([words, said]) => {
    const { exitCode, stderr } = await weir('diff', ...words());
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('bug of Weir');
    expect(exitCode).toBe(2);
  });
});
