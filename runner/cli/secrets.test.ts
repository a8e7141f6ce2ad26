import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { secretsTold } from '../masking/testing/search.ts';
import { askedCommandLine } from './testing/command-line.ts';

const { folder, weir } = askedCommandLine('secrets');
const adapter = fileURLToPath(new URL('./testing/leaky.mjs', import.meta.url));

const TOKEN = 's3cr3t/tök+en~&0123456789';
const OTHER = 'quite-another-one-4711';
const TRUSTED = 'from-the-environment-99';
const PASSWORD = 'pass-of-the-registry';
const SECRETS = [TOKEN, OTHER, TRUSTED, PASSWORD, '836491273645'];

const CASE = `title: What was trusted to ${TOKEN}
requirements: [RIVER-STREAM-RPC-01]
under-test: client
needs: [metadata]
steps:
  # the token is ${TOKEN}
  - connect: { metadata: [{ token: "${TOKEN}", pin: 836491273645, tenant: ab }], eager: true }
  - invoke: { as: sum, procedure: test.echoBinary, init: { data: { $bytes: "${Buffer.from(TOKEN).toString('base64')}" }, tenant-key: ${OTHER} } }
  - receive: { from: sum, ok: { length: 26 } }
expect:
  - wire: { from: client, handshake: { metadata: { token: "${TOKEN}" } } }
`;

/** Everything below a folder, as texts. */
function files(place: string): [name: string, text: string][] {
  return readdirSync(place, { recursive: true, withFileTypes: true }).flatMap((entry): [string, string][] =>
    entry.isFile() ? [[entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')]] : [],
  );
}

beforeAll(() => {
  writeFileSync(join(folder, 'trusting.yaml'), CASE);
  writeFileSync(
    join(folder, 'implementation.yaml'),
    stringify({
      name: 'leaky',
      title: 'Leaky',
      language: 'JavaScript',
      protocol: 'river',
      roles: ['client', 'server'],
      command: [process.execPath, adapter],
      env: { TRUSTED, SERVICE: `https://ann:${PASSWORD}@example.org/` },
      redact: ['trusted', 'tenant_key'],
    }),
  );
});

const run = (...words: string[]) => weir('run', 'trusting.yaml', '-i', '.', '--traces', 'all', ...words);

describe('what a run was trusted with', () => {
  test('is in nothing that the run, its bundles, reports and console leave', async () => {
    const { stdout, stderr, exitCode } = await run('-o', 'out');
    expect(exitCode, stdout + stderr).toBe(1);
    const left: [string, string][] = [['stdout', stdout], ['stderr', stderr], ...files(join(folder, 'out'))];
    expect(left.map(([name]) => name).sort()).toEqual(
      expect.arrayContaining(['junit.xml', 'results.json', 'river-trusting@client+json.json', 'river-trusting@client+json.jsonl']),
    );
    for (const [name, text] of left) expect(secretsTold(text, SECRETS), name).toEqual([]);
    expect(stdout).toContain('<redacted>');
    const { glossary } = JSON.parse(readFileSync(join(folder, 'out/results.json'), 'utf8'));
    expect(glossary.masked).toEqual(Object.keys(glossary.files));
  });

  test('is not what cases of the corpus trust their ends with, which everybody has', async () => {
    const { exitCode } = await weir('run', 'river/handshake/metadata-accepted', '--world', 'simulated', '--traces', 'all', '-o', 'known');
    expect(exitCode).toBe(0);
    const { glossary } = JSON.parse(readFileSync(join(folder, 'known/results.json'), 'utf8'));
    expect(glossary.masked).toBeUndefined();
    expect(Object.values(glossary.files).join('')).toContain('token: valid-a');
    const [, trace = ''] = files(join(folder, 'known/traces'))[0] ?? [];
    expect(trace).toContain('"token":"valid-a"');
    expect(trace).not.toMatch(/<redacted>|"masked"/);
  });

  test.each([true, false])('is not what a case made up and says so, as those of weir fuzz do: %s', async (says) => {
    const name = says ? 'made-up' : 'unsaid';
    const text = [
      'title: A token that is made up',
      'requirements: [RIVER-STREAM-RPC-01]',
      ...(says ? ['public: true'] : []),
      'under-test: client',
      'needs: [metadata]',
      'steps:',
    ];
    const steps = [
      'connect: { metadata: [{ token: made-up-4711 }], eager: true }',
      'await: { wire: { from: server, kind: handshake-response } }',
    ];
    writeFileSync(join(folder, `${name}.yaml`), [...text, ...steps.map((step) => `  - ${step}`)].join('\n'));
    const { exitCode, stderr } = await weir('run', `./${name}.yaml`, '--world', 'simulated', '--traces', 'all', '-o', name);
    expect(exitCode, stderr).toBe(0);
    const { glossary } = JSON.parse(readFileSync(join(folder, name, 'results.json'), 'utf8'));
    expect(Object.values(glossary.files).join('').includes('made-up-4711')).toBe(says);
    const [, trace = ''] = files(join(folder, name, 'traces'))[0] ?? [];
    expect(trace.includes('"token":"made-up-4711"')).toBe(says);
  });

  test('is not missed where it is judged or run again, which say what was masked', async () => {
    await run('-o', 'again');
    for (const binding of ['json', 'msgpack']) {
      const bundle = join('again', 'bundles', `river-trusting@client+${binding}.json`);
      const check = await weir('check', bundle, join('again', 'traces', `river-trusting@client+${binding}.jsonl`));
      expect(check.stdout).toContain('same fingerprint as recorded: expectation/RIVER-STREAM-RPC-01/receive/error');
      expect(check.stderr).toMatch(/\d+ secrets are masked in this bundle/);
      const replay = await weir('replay', bundle, '-i', '.', '--case', 'trusting.yaml');
      expect(replay.stdout).toContain('same fingerprint as recorded: expectation/RIVER-STREAM-RPC-01/receive/error');
      expect(replay.stderr).not.toContain('masked');
      for (const text of [check.stdout, check.stderr, replay.stdout, replay.stderr]) expect(secretsTold(text, SECRETS)).toEqual([]);
    }
    const without = await weir('replay', join('again', 'bundles', 'river-trusting@client+json.json'), '-i', '.');
    expect(without.stderr).toMatch(/secrets are masked in this bundle.*--case/);
  });

  test('is told with --show-secrets', async () => {
    const { stdout } = await run('-o', 'shown', '--show-secrets');
    expect(stdout).toContain(TOKEN);
    const [, bundle = ''] = files(join(folder, 'shown')).find(([name]) => name === 'river-trusting@client+json.json') ?? [];
    expect(JSON.parse(bundle).case.text).toBe(CASE);
  });

  test('goes by keys that the command line names, too', async () => {
    writeFileSync(join(folder, 'own.yaml'), CASE.replaceAll('tenant-key', 'account').replace(/^ {2}# .*\n/m, ''));
    const { stdout } = await weir('run', 'own.yaml', '-i', '.', '-o', 'own', '--redact', 'Account', 'other');
    for (const [name, text] of [['stdout', stdout], ...files(join(folder, 'own'))] as const) {
      expect(secretsTold(text, SECRETS), name).toEqual([]);
    }
  });
});

test('an unreadable handshake is veiled, and stays unreadable when it is judged again', async () => {
  writeFileSync(
    join(folder, 'unreadable.yaml'),
    `title: A server that drops what it cannot read
requirements: [RIVER-HS-09]
under-test: server
trace: free
steps:
  - fault: { corrupt: { frame: { from: client, kind: handshake-request } } }
  - connect: { metadata: [{ token: "${TOKEN}" }], eager: true }
  - closed: { by: client, connection: 0 }
`,
  );
  const { stdout, stderr } = await weir('run', 'unreadable.yaml', '-i', '.', '--traces', 'all', '-o', 'unreadable');
  const left = files(join(folder, 'unreadable'));
  const bundle = left.find(([name]) => name.endsWith('+json.json'))?.[1] ?? '';
  expect(bundle).toContain('"undecodable"');
  const check = await weir('check', join('unreadable', 'bundles', 'river-unreadable@server+json.json'));
  expect(check.stdout).toContain('same fingerprint as recorded');
  for (const [name, text] of [['stdout', stdout], ['stderr', stderr], ...left] as const)
    expect(secretsTold(text, SECRETS), name).toEqual([]);
});

test.each([
  [
    'call',
    ['call', 'river', `ws://ann:${PASSWORD}@127.0.0.1:1`, 'test.add', '--metadata', JSON.stringify({ token: TOKEN }), '--timeout', '2000'],
  ],
  ['run with a Toxiproxy that is not there', ['run', 'river/rpc/add', '--toxiproxy-url', `http://ann:${PASSWORD}@127.0.0.1:1`]],
  ['call with metadata that is no JSON', ['call', 'river', 'ws://127.0.0.1:1', 'test.add', '--metadata', `{"token":"${TOKEN}"`]],
])('weir %s tells no secret of its own options', async (_name, words) => {
  const { stdout, stderr } = await weir(...words);
  expect(stdout + stderr).not.toBe('');
  expect(secretsTold(stdout + stderr, SECRETS)).toEqual([]);
});
