import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { flawed } from '../runner/cli/testing/flawed.ts';
import { packageRoot } from '../runner/package-root.ts';

/** A step of a composite action. */
interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const action = parse(readFileSync(join(packageRoot(), 'action.yml'), 'utf8')) as Action;
const folder = mkdtempSync(join(tmpdir(), 'weir-action-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the steps of the action left behind. */
interface Ran {
  /** Of the step that failed; 0 where none did. */
  readonly code: number;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Files that would be uploaded, with their sizes. */
  readonly uploaded: ReadonlyMap<string, number>;
}

/** Runs the steps as a runner of GitHub does, those apart that use other actions. */
async function runAction(workspace: string, inputs: Readonly<Record<string, string>>): Promise<Ran> {
  const given = { ...Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default])), ...inputs };
  const steps = new Map<string, Record<string, string>>();
  const evaluated = (text: string): string =>
    text.replaceAll(/\$\{\{ *([\w.-]+) *\}\}/g, (_whole, name: string) => {
      const [kind, first = '', , last = ''] = name.split('.');
      if (kind === 'inputs') return given[first] ?? '';
      if (kind === 'steps') return steps.get(first)?.[last] ?? '';
      if (name === 'github.action_path') return packageRoot();
      if (name === 'runner.os') return 'Linux';
      throw new Error(`the action asks for ${name}, which this test does not know`);
    });
  const [output, summary] = ['output', 'summary'].map((name) => join(workspace, `.${name}`)) as [string, string];
  writeFileSync(summary, '');
  let log = '';
  let code = 0;
  let uploaded = new Map<string, number>();
  for (const step of action.runs.steps) {
    if (step.uses?.startsWith('actions/upload-artifact@') === true) uploaded = filesOf(evaluated(step.with?.['path'] ?? ''));
    if (step.run === undefined || code !== 0) continue;
    expect(step.shell).toBe('bash');
    // What is typed by users reaches a script by its environment, where it is no script.
    expect(step.run).not.toContain('${{');
    writeFileSync(output, '');
    const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, evaluated(value)]));
    const ran = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: join(workspace, evaluated(step['working-directory'] ?? '.')),
      env: { ...env, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary, NO_COLOR: '1' },
      reject: false,
      all: true,
    });
    log += `${ran.all}\n`;
    code = ran.exitCode ?? 1;
    const lines = readFileSync(output, 'utf8')
      .trim()
      .split('\n')
      .filter((line) => line !== '');
    if (step.id !== undefined)
      steps.set(step.id, Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string])));
  }
  return { code, log, summary: readFileSync(summary, 'utf8'), outputs: steps.get('run') ?? {}, uploaded };
}

function filesOf(place: string): Map<string, number> {
  if (!existsSync(place)) return new Map();
  const entries = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => join(entry.parentPath, entry.name)).map((file) => [file.slice(place.length + 1), statSync(file).size]),
  );
}

function workspace(name: string): string {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  return place;
}

/** The workflow commands of a log that a runner obeys. */
function obeyed(log: string): string[] {
  let stopped: string | undefined;
  return log.split('\n').filter((line) => {
    const said = line.trimStart();
    if (stopped !== undefined) {
      if (said.trimEnd() === `::${stopped}::`) stopped = undefined;
      return false;
    }
    if (said.startsWith('::stop-commands::')) {
      stopped = said.slice('::stop-commands::'.length).trim();
      return false;
    }
    return said.startsWith('::');
  });
}

const few = { cases: 'river/rpc/*', arguments: '--binding json', implementation: 'here' };

test('the action is composite, and what it uses is pinned', () => {
  expect(action.runs.using).toBe('composite');
  for (const { uses } of action.runs.steps) if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@v\d+$/);
});

test('the key of the cache is another where anything has changed that is built from', async () => {
  const sources = (parse(readFileSync(join(packageRoot(), 'tsconfig.build.json'), 'utf8')) as { include: string[] }).include;
  const files = [...sources.map((name) => join(name.split('/')[0] ?? '', 'some.ts')), 'package.json', 'package-lock.json', 'tsconfig.json'];
  const place = workspace('key');
  for (const file of files) {
    mkdirSync(dirname(join(place, file)), { recursive: true });
    writeFileSync(join(place, file), 'as it was');
  }
  const output = join(place, '.output');
  const key = async (): Promise<string> => {
    writeFileSync(output, '');
    await execa('bash', [join(packageRoot(), 'action/key.sh')], { env: { WEIR_ACTION: place, GITHUB_OUTPUT: output } });
    return readFileSync(output, 'utf8');
  };
  const before = await key();
  expect(before).toMatch(/^key=weir-v\d+\.\d+\.\d+-[0-9a-f]{32}\n$/);
  expect(await key()).toBe(before);
  for (const file of files) {
    writeFileSync(join(place, file), 'as it is now');
    expect(await key(), file).not.toBe(before);
    writeFileSync(join(place, file), 'as it was');
  }
});

describe('of an implementation with a flaw', () => {
  test('the action fails, and says why: annotation, summary with the command, badge, report', async () => {
    const place = workspace('flawed');
    flawed(join(place, 'here'));
    const ran = await runAction(place, few);
    expect(ran.code).toBe(1);
    expect(ran.outputs).toMatchObject({ 'exit-code': '1', report: join(place, 'weir-report') });
    expect(obeyed(ran.log)).toEqual([
      expect.stringMatching(/^::error file=cases\/river\/rpc\/[\w-]+\.yaml,line=\d+,col=\d+,title=.*::.*division is not done here/),
    ]);
    expect(ran.summary).toMatch(/\*\*\d+ new failures?, 1 cause\*\*/);
    expect(ran.summary).toContain('npx weir run');
    expect([...ran.uploaded.keys()]).toEqual(
      expect.arrayContaining([
        'report.html',
        'results.json',
        'junit.xml',
        'ctrf.json',
        'results.sarif',
        'badge-client.json',
        'badge-client.svg',
      ]),
    );
    const badge: unknown = JSON.parse(readFileSync(join(place, 'weir-report/badge-client.json'), 'utf8'));
    expect(badge).toMatchObject({ label: 'River v2.0 client', message: expect.stringMatching(/^\d\d % of \d+ MUST, \d+ not tested$/) });
  });

  test('what is uploaded is bounded: traces and bundles go first, the results stay', async () => {
    const place = workspace('bounded');
    flawed(join(place, 'here'));
    const ran = await runAction(place, { ...few, 'upload-mib': '0.6', arguments: '--binding json --traces all' });
    const sum = [...ran.uploaded.values()].reduce((all, size) => all + size, 0);
    expect(sum).toBeLessThanOrEqual(0.6 * 1024 * 1024);
    expect(ran.uploaded.has('results.json')).toBe(true);
    expect(ran.uploaded.has('results.jsonl')).toBe(false);
    expect(ran.log).toMatch(/left out of the upload, which may have 0\.6 MiB: \d+ files/);
  });
});

test('a good implementation passes without a word to GitHub', async () => {
  const place = workspace('good');
  cpSync(join(packageRoot(), 'implementations/reference-node/implementation.yaml'), join(place, 'implementation.yaml'));
  const ran = await runAction(place, { ...few, implementation: join(packageRoot(), 'implementations/reference-node') });
  expect(ran.log).toContain('passed');
  expect(ran).toMatchObject({ code: 0, outputs: { 'exit-code': '0' } });
  expect(obeyed(ran.log)).toEqual([]);
  expect(ran.summary).toContain('**Nothing new.**');
});

test('an implementation that prints workflow commands is not obeyed', async () => {
  const place = workspace('hostile');
  flawed(join(place, 'here'));
  const adapter = join(place, 'here/adapter.mjs');
  writeFileSync(
    adapter,
    readFileSync(adapter, 'utf8')
      .replaceAll('division is not done here', '::error::forged\\\\n::add-mask::forged')
      .replace('await import(', "console.error('::error::forged');\nawait import("),
  );
  const ran = await runAction(place, few);
  expect(ran.code).toBe(1);
  expect(ran.log).toContain('forged');
  for (const line of obeyed(ran.log)) expect(line).toMatch(/^::error file=cases\//);
});

test('wrong usage ends the action with the code of Weir', async () => {
  const ran = await runAction(workspace('wrong'), { implementation: 'nowhere' });
  expect(ran).toMatchObject({ code: 2, outputs: { 'exit-code': '2' } });
  expect(ran.log).toContain('no implementation "nowhere"');
});

test('a shard is run as one, and is put together with the others by weir merge', async () => {
  const parts: string[] = [];
  for (const i of [1, 2]) {
    const place = workspace(`shard-${i}`);
    flawed(join(place, 'here'));
    const ran = await runAction(place, { ...few, shard: `${i}/2` });
    parts.push(ran.outputs['report'] ?? '');
  }
  const merged = await execa(
    process.execPath,
    [join(packageRoot(), 'dist/runner/cli/main.js'), 'merge', ...parts, '--output', 'whole', '--report', 'junit', 'markdown', 'badge'],
    { cwd: folder, reject: false },
  );
  expect(merged.exitCode).toBe(1);
  expect(readFileSync(join(folder, 'whole/summary.md'), 'utf8')).toMatch(/\*\*\d+ new failures?, 1 cause\*\*/);
});
