import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { askedCommandLine, main } from './testing/command-line.ts';

describe.skipIf(!existsSync(main))('weir export', () => {
  const { folder, weir } = askedCommandLine('export');
  const SECRET = 'a-very-secret-token';
  let shown: string;
  let masked: string;

  const traceOf = async (output: string, ...more: string[]): Promise<string> => {
    const words = ['run', './told.yaml', '--world', 'simulated', '--binding', 'json', '--traces', 'all', '--output', output];
    const { exitCode, stdout, stderr } = await weir(...words, ...more);
    expect(exitCode, `${stdout}${stderr}`).toBe(0);
    const [file = ''] = readdirSync(join(folder, output, 'traces'));
    return join(output, 'traces', file);
  };

  beforeAll(async () => {
    writeFileSync(
      join(folder, 'told.yaml'),
      `title: What was trusted
requirements: [RIVER-HS-03]
under-test: client
needs: [metadata]
server: { options: { handshake: token } }
steps:
  - connect: { metadata: [{ token: "valid-${SECRET}" }] }
  - invoke: { as: who, procedure: handshake.token }
  - receive: { from: who, ok: { token: "valid-${SECRET}" } }
`,
    );
    shown = await traceOf('shown', '--show-secrets');
    masked = await traceOf('masked');
  });

  const FORMS = ['--pcapng', '--jsonl', '--svg', '--mermaid'];

  test('makes an archive of what went over HTTP, and says why there is none of what did not', async () => {
    const words = [
      'run',
      'connect/unary/codes',
      '--role',
      'server',
      '--binding',
      'json',
      '--world',
      'simulated',
      '--traces',
      'all',
      '-o',
      'http',
    ];
    await weir(...words);
    const [file = ''] = readdirSync(join(folder, 'http', 'traces'));
    const made = await weir('export', join('http', 'traces', file), '--har');
    expect(JSON.parse(made.stdout).log.entries[0]).toMatchObject({ request: { method: 'POST' }, connection: '0' });
    const refused = await weir('export', shown, '--har');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('this run was carried by websocket');
  });

  test('masks in every form what a trace shows, unless it is to be shown', async () => {
    expect(readFileSync(join(folder, shown), 'utf8')).toContain(SECRET);
    for (const form of FORMS) {
      const words = ['export', shown, form, '-o', 'out'];
      expect((await weir(...words)).exitCode).toBe(0);
      expect(readFileSync(join(folder, 'out'), 'latin1')).not.toContain(SECRET);
      expect((await weir(...words, '--show-secrets')).exitCode).toBe(0);
      expect(readFileSync(join(folder, 'out'), 'latin1')).toContain(SECRET);
    }
  });

  test('what is masked in a trace stays so, and is said to be', async () => {
    const { stdout } = await weir('export', masked, '--jsonl', '--show-secrets');
    const lines = stdout.split('\n').map((line) => JSON.parse(line));
    expect(lines.filter((line) => line.masked === true).length).toBeGreaterThan(0);
    expect((await weir('export', masked, '--jsonl')).stdout.split('\n').map((line) => JSON.parse(line).masked)).toEqual(
      lines.map((line) => line.masked),
    );
  });

  test('writes the same to the standard output as into a file', async () => {
    for (const form of FORMS) {
      await weir('export', masked, form, '-o', 'out');
      const { stdout } = await weir('export', masked, form);
      if (form !== '--pcapng') expect(`${stdout}\n`).toBe(readFileSync(join(folder, 'out'), 'utf8'));
      expect(stdout.length).toBeGreaterThan(100);
    }
  });

  test.for([
    [[], /say in which form: one of --pcapng, --jsonl/],
    [['--svg', '--jsonl'], /say in which form/],
    [['--svg', '-o', '/dev/null/x'], /cannot write/],
  ] as const)('wrong usage %s is told', async ([words, said]) => {
    const { exitCode, stderr } = await weir('export', masked, ...words);
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('bug of Weir');
    expect(exitCode).toBe(2);
  });

  test('results are no trace', async () => {
    const { exitCode, stderr } = await weir('export', 'masked/results.json', '--svg');
    expect(stderr).toMatch(/results\.json: no bundle but the results of a run/);
    expect(exitCode).toBe(2);
  });
});
