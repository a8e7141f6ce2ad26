import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { type CaseRun, results } from '../results/result.ts';
import { type HostileKind, kinds, startKinds, wireKinds } from './testing/kinds.ts';
import { processesWith } from './testing/processes.ts';

const main = join(packageRoot(), 'dist', 'runner', 'cli', 'main.js');
const program = fileURLToPath(new URL('./testing/hostile.mjs', import.meta.url));
const measure = pathToFileURL(fileURLToPath(new URL('./testing/measure.mjs', import.meta.url))).href;

/** Longest that a run of five cases may take with an adapter at its worst, ms; a good one takes under two seconds. */
const BOUND_MS = 60_000;

/** How much more memory the runner may take than with a good adapter, in MiB. */
const SPARE_MIB = 480;

const cases = {
  client: ['rpc/add', 'rpc/union', 'rpc/recursive', 'rpc/declared-error', 'stream/interleaved'],
  server: ['rpc/add', 'rpc/recursive', 'handshake/metadata-accepted', 'stream/interleaved'],
};
const guilty = { client: 'river/rpc/declared-error@client+json', server: 'river/handshake/metadata-accepted@server+json' };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-hostile-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What came of a run with a hostile adapter. */
interface Outcome {
  readonly exitCode: number | undefined;
  readonly stderr: string;
  readonly stdout: string;
  readonly durationMs: number;
  readonly runs: ReadonlyMap<string, CaseRun>;
  readonly warnings: readonly string[];
  readonly peakMiB: number;
  /** Processes and temporary files that are left. */
  readonly left: readonly string[];
}

async function runWith({
  kind,
  role = 'client',
  binding = 'json',
}: Pick<HostileKind, 'kind' | 'role'> & { readonly binding?: string }): Promise<Outcome> {
  const own = join(folder, `${kind}-${role}`);
  const temporary = join(own, 'tmp');
  const mark = randomUUID();
  mkdirSync(temporary, { recursive: true });
  const manifest = {
    name: 'hostile',
    title: kind,
    language: 'JavaScript',
    protocol: 'river',
    roles: ['client', 'server'],
    command: [process.execPath, program, kind],
    env: { WEIR_TEST_MARK: mark },
    'startup-ms': kind === 'hang-at-start' ? 1000 : 20_000,
    'call-ms': /hang|stderr/.test(kind) ? 1000 : 10_000,
  };
  writeFileSync(join(own, 'implementation.yaml'), JSON.stringify(manifest));
  const started = performance.now();
  const words = ['run', ...cases[role], '-i', own, '--role', role, '--binding', binding, '--processes', '1', '--output', join(own, 'out')];
  const { exitCode, stderr, stdout, timedOut } = await execa(process.execPath, ['--import', measure, main, ...words], {
    cwd: own,
    reject: false,
    timeout: BOUND_MS,
    forceKillAfterDelay: 1000,
    env: { NO_COLOR: '1', TMPDIR: temporary, WEIR_TEST_PEAK: join(own, 'peak') },
  });
  expect(timedOut, `${kind} ends in time:\n${stdout}\n${stderr}`).toBe(false);
  const durationMs = performance.now() - started;
  const file = join(own, 'out', 'results.json');
  const written = existsSync(file) ? results.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  return {
    exitCode,
    stderr,
    stdout,
    durationMs,
    runs: new Map(written?.runs.map((run) => [run.id, run])),
    warnings: written?.warnings ?? [],
    peakMiB: Number(readFileSync(join(own, 'peak'), 'utf8')) / 1024,
    left: [...processesWith(mark), ...readdirSync(temporary)],
  };
}

/** What a kind cost, for the table in docs/adapters.md. */
const row = (what: string, verdict: string, { durationMs, peakMiB }: Outcome): string =>
  `| ${what} | ${verdict} | ${(durationMs / 1000).toFixed(1)} s | ${Math.round(peakMiB)} MiB |`;

const verdicts = ({ runs }: Outcome): Record<string, string> => Object.fromEntries([...runs].map(([id, { verdict }]) => [id, verdict]));

describe.skipIf(!existsSync(main) || process.platform !== 'linux')('a run whose adapter', () => {
  const table: string[] = [];
  let good: Record<'client' | 'server', Outcome>;
  beforeAll(async () => {
    good = { client: await runWith({ kind: 'none', role: 'client' }), server: await runWith({ kind: 'none', role: 'server' }) };
    expect([good.client.exitCode, good.server.exitCode]).toEqual([1, 0]);
    table.push(row('does all it should', 'pass', good.client));
    expect(verdicts(good.client)['river/rpc/union@client+json']).toBe('fail');
    expect(Object.values(verdicts(good.server))).toEqual(cases.server.map(() => 'pass'));
  }, BOUND_MS);
  afterAll(() => {
    if (process.env['WEIR_HOSTILE_TABLE'] !== undefined) writeFileSync(process.env['WEIR_HOSTILE_TABLE'], `${table.join('\n')}\n`);
  });

  test.concurrent.for(kinds)('$what: only the guilty case tells of it', { timeout: 2 * BOUND_MS }, async (kind) => {
    const { role = 'client', words, warning } = kind;
    const outcome = await runWith(kind);
    const run = outcome.runs.get(guilty[role]);
    const verdict = kind.mayPass && run?.verdict === 'pass' ? 'pass' : kind.verdict;
    expect(verdicts(outcome)).toEqual({ ...verdicts(good[role]), [guilty[role]]: verdict });
    if (verdict === 'pass') expect(outcome.exitCode).toBe(good[role].exitCode);
    else {
      const finding = run?.findings.find(({ judge }) => judge === (verdict === 'error' ? 'harness' : 'adapter'));
      expect(`${finding?.message}\n${run?.stderr}`).toContain(words);
      if (kind.step !== undefined) expect(finding?.step).toBe(kind.step);
      expect(outcome.exitCode).toBe(1);
      expect(outcome.stdout).toContain(guilty[role]);
    }
    // On a busy machine others may fail beside it, and pass apart. A process that breaks when its case is over is told of the run as a whole.
    const broke = outcome.warnings.filter((text) => text.includes('broke'));
    const unblamed =
      verdict === 'pass' ? broke.filter((text) => text.includes(words) && text.includes('none of them breaks one of its own')) : [];
    expect(broke).toEqual(unblamed);
    if (warning !== undefined) expect(outcome.warnings.join('\n')).toMatch(warning);
    expect(outcome.left).toEqual([]);
    expect(outcome.peakMiB).toBeLessThan(good[role].peakMiB + SPARE_MIB);
    table.push(row(kind.what, verdict, outcome));
  });

  test.concurrent.for(wireKinds)('$what: only the guilty case fails ($binding)', { timeout: 2 * BOUND_MS }, async (kind) => {
    const { role = 'client' } = kind;
    const outcome = await runWith(kind);
    const expected = Object.entries({ ...verdicts(good[role]), [guilty[role]]: 'fail' });
    expect(verdicts(outcome)).toEqual(
      Object.fromEntries(expected.map(([id, verdict]) => [id.replace('+json', `+${kind.binding}`), verdict])),
    );
    expect(outcome.exitCode).toBe(1);
    expect(outcome.left).toEqual([]);
    expect(outcome.peakMiB).toBeLessThan(good[role].peakMiB + SPARE_MIB);
    table.push(row(kind.what, 'fail', outcome));
  });

  test.concurrent.for(startKinds)('$what: nothing is run, and it is said why', { timeout: 2 * BOUND_MS }, async ({ kind, words }) => {
    const outcome = await runWith({ kind, role: 'client' });
    expect(outcome.stderr).toContain(words);
    expect(outcome.stderr).not.toContain('    at ');
    expect(outcome.exitCode).toBe(2);
    expect(outcome.left).toEqual([]);
  });
});
