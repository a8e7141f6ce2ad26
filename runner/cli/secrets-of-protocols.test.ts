import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { secretsTold } from '../masking/testing/search.ts';
import { askedCommandLine } from './testing/command-line.ts';

const { folder, weir } = askedCommandLine('secrets-of-protocols');

const TOKEN = 's3cr3t/tök+en~&0123456789';
const OTHER = 'quite-another-one-4711';
const PASSWORD = 'pass-of-the-registry';
const KEY = 'k3y-0f-the-tenant-77';
const NUMBER = '836491273645';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const json = (value: unknown): string => JSON.stringify(value);

/** What a case of each protocol trusts its ends with, wherever the protocol has a place for it; each fails, so that everything is told. One more is a line. */
const CASES: readonly {
  readonly protocol: string;
  readonly redact: readonly string[];
  readonly secrets: readonly string[];
  readonly text: string;
}[] = [
  {
    protocol: 'rsocket',
    redact: ['tenant'],
    secrets: [TOKEN, OTHER, PASSWORD, KEY],
    text: `title: What was trusted to ${TOKEN}
requirements: [RSOCKET-RR-05]
under-test: client
steps:
  - connect: { options: { setupMetadata: '${TOKEN}', setupData: '${json({ password: PASSWORD })}', resume: true, token: ${OTHER} } }
  - peer: { manual: [empty] }
  - invoke: { as: cut, procedure: empty, value: 'tenant=${KEY}' }
  - peer: { send: { frame: PAYLOAD, stream: cut, flags: [next, follows], metadata: '${TOKEN.slice(0, 12)}', data: '{"token":"${OTHER.slice(0, 11)}' } }
  - peer: { send: { frame: PAYLOAD, stream: cut, flags: [next, complete], metadata: '${TOKEN.slice(12)}', data: '${OTHER.slice(11)}"}' } }
  - receive: { from: cut, ok: any }
  - invoke: { as: sum, procedure: echo, value: '${json({ access_token: OTHER, tenant: KEY })}', metadata: '${TOKEN}' }
  - receive: { from: sum, ok: another }
`,
  },
  {
    protocol: 'connect',
    redact: ['text', 'raw', 'number', 'x-tenant'],
    secrets: [TOKEN, OTHER, PASSWORD, KEY, NUMBER],
    text: `title: What was trusted to ${TOKEN}
requirements: [CONNECT-UNARY-19]
under-test: client
steps:
  - invoke: { as: get, kind: get, procedure: weir.v1.Test/Fetch, value: { text: '${TOKEN}', number: '${NUMBER}' }, metadata: { x-tenant: [${KEY}], x-key-bin: [{ $bytes: '${base64(TOKEN)}' }] } }
  - receive: { from: get, ok: any }
  - invoke: { as: chat, procedure: weir.v1.Test/Chat, value: { text: '${TOKEN}' }, metadata: { authorization: ['Bearer ${OTHER}'], cookie: ['sid=${PASSWORD}'], t-a: [${KEY}] } }
  - send: { to: chat, value: { raw: '${base64(TOKEN)}', number: '${NUMBER}' } }
  - finish: chat
  - receive: { from: chat, ok: any }
  - invoke: { as: sum, procedure: weir.v1.Test/Echo, value: { text: '${TOKEN}', number: '${NUMBER}', list: ['token=${OTHER}'] } }
  - receive: { from: sum, ok: { text: another } }
`,
  },
  {
    protocol: 'clamator',
    redact: ['pin'],
    secrets: [TOKEN, OTHER, PASSWORD, NUMBER],
    text: `title: What was trusted to ${TOKEN}
requirements: [CLAMATOR-REQ-01]
under-test: client
steps:
  - invoke: { as: short, procedure: calc.echo, value: { value: { token: ab, cookie: 123456, secret: true } } }
  - receive: { from: short, ok: any }
  - end: short
  - invoke: { as: sum, procedure: calc.echo, value: { value: { token: '${TOKEN}', deep: [{ pin: ${NUMBER} }], note: 'redis://ann:${PASSWORD}@example.org/?api_key=${OTHER}' } } }
  - receive: { from: sum, ok: { value: another } }
`,
  },
  {
    protocol: 'swill',
    redact: ['pin'],
    secrets: [TOKEN, OTHER, PASSWORD, KEY, NUMBER],
    text: `title: What was trusted to ${TOKEN}
requirements: [SWILL-META-03]
under-test: server
steps:
  - peer: { dial: { path: '/ws?access_token=${OTHER}', subprotocols: [swill/1, bearer.${KEY}], headers: { Cookie: 'sid=${PASSWORD}', X-Api-Key: '${KEY}' } } }
  - invoke: { as: meta, procedure: meta_echo, value: 1, metadata: { who: '${TOKEN}', pin: ${NUMBER} } }
  - receive: { from: meta, ok: any }
  - invoke: { as: sum, procedure: anything, value: { password: '${PASSWORD}', said: 'bearer.${KEY}', of: [{ pin: ${NUMBER} }], by: ${OTHER} } }
  - receive: { from: sum, ok: another }
`,
  },
];

const FORMS = ['--jsonl', '--pcapng', '--har'];

/** Everything below a folder, as texts. */
function files(place: string): [name: string, text: string][] {
  return readdirSync(place, { recursive: true, withFileTypes: true }).flatMap((entry): [string, string][] =>
    entry.isFile() ? [[entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')]] : [],
  );
}

describe.each(CASES)('what a case of $protocol was trusted with', ({ protocol, redact, secrets, text }) => {
  const place = join(folder, protocol);
  const name = join(protocol, 'trusting.yaml');
  const keys = ['--redact', ...redact];

  test('is in nothing that a run, its reports, exports and a distilled case leave', { timeout: 120_000 }, async () => {
    mkdirSync(place);
    writeFileSync(join(folder, name), text);
    const reports = ['--report', 'junit', 'ctrf', 'tap', 'sarif', 'markdown', 'html', 'github'];
    const words = ['--world', 'simulated', '--traces', 'all', '-o', `${protocol}/out`, ...reports, ...keys];
    const ran = await weir('run', name, '--protocol', protocol, ...words);
    // The reference pair reads something else than the case wants.
    expect(ran.exitCode, ran.stdout + ran.stderr).toBe(3);
    const told: [string, string][] = [
      ['stdout of run', ran.stdout],
      ['stderr of run', ran.stderr],
    ];
    const [bundle = ''] = readdirSync(join(place, 'out', 'bundles'));
    const file = `${protocol}/out/bundles/${bundle}`;
    const again = [await weir('check', file, ...keys), await weir('replay', file, '--case', name, ...keys)];
    for (const { stdout, stderr } of again) {
      expect(stdout, stderr).toContain('same fingerprint as recorded');
      told.push(['judged or run again', stdout + stderr]);
    }
    for (const form of FORMS) await weir('export', file, form, '-o', `${protocol}/out/as${form}`);
    const distilled = await weir('distil', file, '-o', `${protocol}/out/case.yaml`, ...keys);
    told.push(['distil', distilled.stdout + distilled.stderr]);
    for (const [where, all] of [...told, ...files(join(place, 'out'))]) expect(secretsTold(all, secrets), where).toEqual([]);
  });

  test.runIf(protocol === 'swill')('is hidden where threads share the run, of which only one sees it', { timeout: 240_000 }, async () => {
    mkdirSync(place, { recursive: true });
    // What only the head of an upgrade says to be one, as no other key of the case names it.
    const alone = join(protocol, 'alone.yaml');
    writeFileSync(join(folder, alone), text.replace(/, X-Api-Key: '[^']*'/, '').replace(/, said: '[^']*'/, ''));
    const ran = await weir(
      'run',
      alone,
      `${protocol}/**`,
      '--protocol',
      protocol,
      '--role',
      'server',
      '--world',
      'simulated',
      '-o',
      `${protocol}/many`,
    );
    expect(ran.stderr).not.toContain('bug of Weir');
    for (const [where, all] of files(join(place, 'many'))) expect(all.includes(KEY), where).toBe(false);
  });

  test('is hidden in what is made of a trace that shows it', { timeout: 120_000 }, async () => {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(folder, name), text);
    const words = ['--world', 'simulated', '--traces', 'all', '-o', `${protocol}/shown`, '--show-secrets'];
    await weir('run', name, '--protocol', protocol, ...words);
    const [trace = ''] = readdirSync(join(place, 'shown', 'traces'));
    const file = `${protocol}/shown/traces/${trace}`;
    mkdirSync(join(place, 'made'), { recursive: true });
    for (const form of FORMS) await weir('export', file, form, '-o', `${protocol}/made/as${form}`, ...keys);
    await weir('distil', file, '--from-wire', '--role', 'client', '-o', `${protocol}/made/case.yaml`, ...keys);
    for (const [where, all] of files(join(place, 'made'))) expect(secretsTold(all, secrets), where).toEqual([]);
  });
});
