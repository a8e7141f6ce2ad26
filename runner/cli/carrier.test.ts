import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { type CaseRun, results } from '../results/result.ts';
import { askedCommandLine } from './testing/command-line.ts';

const { folder, weir } = askedCommandLine('carrier');
const testing = (name: string): string => fileURLToPath(new URL(`./testing/${name}`, import.meta.url));

async function run(name: string, command: readonly string[], cases: readonly string[]) {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  const manifest = {
    name,
    title: name,
    language: 'JavaScript',
    protocol: 'river',
    roles: ['server'],
    command: [process.execPath, ...command],
  };
  writeFileSync(join(own, 'implementation.yaml'), JSON.stringify(manifest));
  const words = ['run', ...cases, '-i', own, '--binding', 'json', '--no-confirm', '--output', join(own, 'out')];
  const { stdout, exitCode } = await weir(...words);
  const { runs } = results.parse(JSON.parse(readFileSync(join(own, 'out', 'results.json'), 'utf8')));
  return { stdout, exitCode, runs: runs.filter(({ verdict }) => verdict !== 'skip'), out: join(own, 'out') };
}

/** What goes wrong below the messages, and how it is told. */
const PROBLEMS: readonly (readonly [kind: string, words: string])[] = [
  ['forbidden', 'the server answered the upgrade with HTTP 403 Forbidden: Invalid Host header'],
  ['not-found', 'the server answered the upgrade with HTTP 404 Not Found: no such path'],
  ['ok-200', 'the server answered the upgrade with HTTP 200 OK: this is a web page'],
  ['wrong-accept', 'the server answered the upgrade with a wrong Sec-WebSocket-Accept ("AAAA")'],
  ['unasked-protocol', 'the server chose the subprotocol "river", which nobody asked for'],
  ['closes', 'the server closed the connection before it answered the upgrade'],
  ['masked', 'the server sent what is no WebSocket frame: server frame is masked'],
  ['tls', 'the server answered the upgrade with TLS'],
];

describe('what goes wrong below the messages', () => {
  test.each(PROBLEMS)('is told first, as the one cause of all cases: %s', { timeout: 120_000 }, async (kind, words) => {
    const cases = ['river/rpc/add', 'river/handshake/malformed-*', 'river/codec/bytes', 'river/heartbeat/from-the-server'];
    const { runs, stdout, exitCode, out } = await run(kind, [testing('refuses.mjs'), kind], cases);
    expect(exitCode).toBe(1);
    expect(runs.length).toBeGreaterThan(3);
    expect(runs.map(({ verdict }) => verdict)).toEqual(runs.map(() => 'fail'));
    expect(new Set(runs.map(({ findings }) => findings[0]?.fingerprint)).size).toBe(1);
    expect(runs.flatMap(({ findings }) => findings.map(({ message }) => message.startsWith(words)))).toEqual(runs.map(() => true));
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(words);
    expect(stdout).toContain(`${runs.length} failures, 1 cause`);
    const [first] = runs as [CaseRun];
    expect(first.story?.rows.some(({ observed, mark }) => mark === 'wrong' && observed?.summary.includes(words))).toBe(true);
    expect(readFileSync(join(out, first.trace ?? ''), 'utf8')).toContain('"type":"carrier"');
  });

  test('a server that lets in only who asks for its own address is shown it', async () => {
    const adapter = join(packageRoot(), 'implementations', 'reference-node', 'adapter.mjs');
    const { runs } = await run('own-host', ['--import', testing('own-host-only.mjs'), adapter], ['river/rpc/add', 'river/toxic/jitter']);
    expect(runs.map(({ verdict }) => verdict)).toEqual(runs.map(() => 'pass'));
    expect(runs.length).toBeGreaterThan(0);
  });
});

describe('weir call says what went wrong below the messages', () => {
  async function call(url: string): Promise<string> {
    const words = ['call', 'river', url, 'test.add', '{"n":1}', '--timeout', '1500'];
    const { stderr, exitCode } = await weir(...words);
    expect(exitCode).toBe(1);
    return stderr;
  }

  async function answering(answer: string): Promise<{ port: number; close: () => void }> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(answer));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return { port: (server.address() as AddressInfo).port, close: () => server.close() };
  }

  test.each([
    [
      'a refusal',
      'ws',
      'HTTP/1.1 403 Forbidden\r\nContent-Length: 7\r\n\r\nnot you',
      'the server answered the upgrade with HTTP 403 Forbidden: not you',
    ],
    [
      'a wrong accept key',
      'ws',
      'HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n',
      'wrong Sec-WebSocket-Accept',
    ],
    ['no answer', 'ws', '', 'closed the connection before it answered the upgrade'],
    ['no HTTP', 'ws', 'SSH-2.0-OpenSSH\r\n', 'is no HTTP/1.1'],
    ['no TLS', 'wss', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'do not agree on TLS'],
  ])('%s', async (_name, scheme, answer, words) => {
    const { port, close } = await answering(answer);
    expect(await call(`${scheme}://127.0.0.1:${port}`)).toContain(words);
    close();
  });

  test('a name that does not resolve', async () => {
    expect(await call('ws://nowhere.invalid:8080')).toContain('the name nowhere.invalid does not resolve');
  });

  test('nothing that listens', async () => {
    // One that was just closed may be somebody else's by now.
    expect(await call('ws://127.0.0.1:1')).toContain('nothing listens at 127.0.0.1:1');
  });
});
