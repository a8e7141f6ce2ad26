import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { askedCommandLine } from './testing/command-line.ts';

const { folder, weir } = askedCommandLine('distil');

/** A case that no client passes: it reads another sum. */
const WRONG = [
  'title: A sum is another than what was asked for',
  'requirements: [RIVER-RECON-05]',
  'under-test: client',
  'codecs: [json]',
  'steps:',
  '  - invoke: { as: sum, procedure: test.add, init: { n: 1 } }',
  '  - receive: { from: sum, ok: { result: 2 } }',
  '  - end: sum',
].join('\n');

const traceIn = (output: string): string => {
  const [name = ''] = readdirSync(join(folder, output, 'traces'));
  return join(folder, output, 'traces', name);
};

/** A trace as a tap leaves it: nobody knows of a case, a role or applications. */
function asOfTap(file: string): string {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const { case: _case, role: _role, facts, ...rest } = JSON.parse(head);
  const { binding, timers, procedureKinds } = facts;
  const numbers = new Map<number, number>();
  const events = lines.flatMap((line) => {
    const event = JSON.parse(line);
    if (event.type === 'application' || event.type === 'step') return [];
    const n = numbers.size;
    numbers.set(event.n, n);
    return [{ ...event, n, ...(event.of === undefined ? {} : { of: numbers.get(event.of) }) }];
  });
  const known = { binding, timers, procedureKinds, clientIds: [], serverId: 'SERVER', scripted: [] };
  const bare = join(folder, 'tap.jsonl');
  const all = [{ ...rest, run: 'tap', facts: known, calls: [], closing: events.length }, ...events];
  writeFileSync(bare, all.map((each) => JSON.stringify(each)).join('\n'));
  return bare;
}

describe('weir distil', () => {
  test('gives the case of a bundle back', async () => {
    writeFileSync(join(folder, 'wrong.yaml'), WRONG);
    await weir('run', './wrong.yaml', '--world', 'simulated', '--role', 'client', '-o', 'failed');
    const [bundle = ''] = readdirSync(join(folder, 'failed', 'bundles'));
    const { exitCode, stdout } = await weir('distil', join('failed', 'bundles', bundle), '-o', 'again.yaml');
    expect(stdout).toContain('finding 1 of');
    expect(stdout).toContain('it is the case that was run');
    expect(stdout).toContain('the reference pair itself does not get through it');
    expect(readFileSync(join(folder, 'again.yaml'), 'utf8')).toContain('  - receive: { from: sum, ok: { result: 2 } }');
    expect(exitCode).toBe(0);
  });

  test.each([
    ['river/reconnect/within-grace', 'client'],
    ['river/reconnect/within-grace', 'server'],
    ['river/upload/sum', 'server'],
  ])('tells bare traffic of %s as a case that the reference pair passes, %s under test', async (id, role) => {
    const output = `${id.replaceAll('/', '-')}-${role}`;
    await weir('run', id, '--role', role, '--codec', 'json', '--world', 'simulated', '--traces', 'all', '-o', output);
    const trace = asOfTap(traceIn(output));
    const nobody = await weir('distil', trace);
    expect(nobody.stderr).toContain('say which end is to be under test with --role');
    expect(nobody.exitCode).toBe(2);
    const { exitCode, stdout } = await weir('distil', trace, '--role', role, '-o', `${output}.yaml`);
    expect(stdout).toContain('the reference pair passes it');
    expect(exitCode).toBe(0);
    const run = await weir('run', `./${output}.yaml`, '--world', 'simulated', '--no-output');
    expect(run.stdout).toContain('1 passed');
    const text = readFileSync(join(folder, `${output}.yaml`), 'utf8');
    expect(text).toMatch(/ {2}- invoke: /);
    expect(text).toMatch(/ {2}- receive: /);
  });

  test('names the findings there are where there is no such one', async () => {
    const { exitCode, stderr } = await weir(
      'distil',
      join('failed', 'bundles', readdirSync(join(folder, 'failed', 'bundles'))[0] ?? ''),
      '--finding',
      '9',
    );
    expect(stderr).toContain('has findings 1 to');
    expect(exitCode).toBe(2);
  });
});
