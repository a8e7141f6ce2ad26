import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { askedCommandLine } from './testing/command-line.ts';

const { weir, apart } = askedCommandLine('hold');

/** Starts a command that stays, and hears what it says. */
function stay(...words: string[]) {
  const child = apart(...words);
  onTestFinished(() => void child.kill('SIGKILL'));
  let heard = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
    for (const look of waiting) look();
  });
  return {
    child,
    says: (pattern: RegExp) =>
      new Promise<string>((resolve) => {
        const look = (): void => {
          const match = pattern.exec(heard);
          if (match === null) return;
          waiting.delete(look);
          resolve(match[1] ?? match[0]);
        };
        waiting.add(look);
        look();
      }),
    end: async () => {
      child.kill('SIGINT');
      return child;
    },
  };
}

describe('weir serve --case', () => {
  test('a client under test is told what to do and where, and held at the step', async () => {
    const held = stay('serve', '--case', 'rpc/add', '--binding', 'json', '--hold', '3', '--trace', 'held.jsonl');
    const url = await held.says(/dial (ws:\S+) as "weir-main", server "SERVER", binding json/);
    await held.says(/invoke test\.add \(rpc\) with \{"n":4\}/);
    const called = await weir('call', 'river', url, 'test.add', '{"n":4}', '--binding', 'json', '--client-id', 'weir-main');
    expect(called.stdout).toBe('{"result":4}');
    await held.says(/held before step 3: end: sum/);
    const { stdout, exitCode } = await held.end();
    expect(stdout).toMatch(/C→S 0 #0\/a0 open test\.add/);
    expect(stdout).toContain('pass  river/rpc/add@client+json');
    expect(exitCode).toBe(0);
    expect((await weir('check', 'held.jsonl')).stdout).toContain('pass  river/rpc/add@client+json');
  });

  test('a client under test dials the port that was asked for, and one that is taken is told', async () => {
    const first = stay('serve', '--case', 'rpc/add', '--binding', 'json');
    const taken = await first.says(/dial ws:\/\/127\.0\.0\.1:(\d+)\//);
    const { stderr, exitCode } = await weir('serve', '--case', 'rpc/add', '--binding', 'json', '--port', taken);
    expect(stderr).toMatch(new RegExp(`^cannot listen on port ${taken}: .*EADDRINUSE`));
    expect(exitCode).toBe(2);
    await first.end();
    const second = stay('serve', '--case', 'rpc/add', '--binding', 'json', '--port', taken);
    expect(await second.says(/dial ws:\/\/127\.0\.0\.1:(\d+)\//)).toBe(taken);
    await second.end();
  });

  test('a client that breaks a rule is found out', async () => {
    const held = stay('serve', '--case', 'rpc/add', '--binding', 'json');
    const socket = new WebSocket(await held.says(/dial (ws:\S+)/));
    onTestFinished(() => socket.terminate());
    socket.on('open', () => socket.send('no message at all'));
    await held.says(/C→S 0 /);
    const { stdout, exitCode } = await held.end();
    expect(stdout).toContain('FAIL river/rpc/add@client+json');
    expect(exitCode).toBe(1);
  });

  test('Enter goes on although the wire does not show what the application was told', async () => {
    const held = stay('serve', '--case', 'rpc/add', '--binding', 'json', '--hold', '3');
    await held.says(/step 2 /);
    held.child.stdin.write('\n');
    await held.says(/held before step 3/);
    const { stdout, exitCode } = await held.end();
    expect(stdout).toContain('the client did nothing that could be judged');
    expect(exitCode).toBe(0);
  });

  test('a server under test is dialled through the proxy, faults and all', async () => {
    const server = stay('serve', 'river', '--binding', 'json');
    const url = await server.says(/on (ws:[^;\s]+)/);
    const held = stay('serve', '--case', 'reconnect/within-grace', '--role', 'server', '--binding', 'json', '--url', url, '--hold', '8');
    await held.says(/held before step 8/);
    const { stdout, exitCode } = await held.end();
    expect(stdout).toMatch(/fault: cut[\s\S]*connection 1 opened/);
    expect(stdout).toContain('pass  river/reconnect/within-grace@server+json');
    expect(exitCode).toBe(0);
    await server.end();
  });

  test.each([
    [
      'no ws:// URL',
      ['--case', 'rpc/add', '--role', 'server', '--url', 'http://localhost:1'],
      'written ws://host:port, not http://localhost:1',
    ],
    ['no place for the trace', ['--case', 'rpc/add', '--trace', 'nowhere/trace.jsonl'], 'cannot write the trace: ENOENT'],
    ['a server id beside a case', ['--case', 'rpc/add', '--server-id', 'x'], '--server-id says nothing with --case'],
    ['a port that is none', ['--case', 'rpc/add', '--port', '70000'], 'expected a port, 0 to 65535'],
    [
      'a port where the server is under test',
      ['--case', 'rpc/add', '--role', 'server', '--url', 'ws://localhost:1', '--port', '4000'],
      '--port is what the client under test dials',
    ],
    ['a step without a case', ['river', '--hold', '3'], '--hold needs --case'],
    ['an option that the server does not know', ['river', '--option', 'handshake=nope'], 'no policy "nope"'],
    ['no such case', ['--case', 'rpc/ad'], 'no case matches'],
    ['several cases', ['--case', 'rpc/*'], 'names more than one case'],
    ['no such step', ['--case', 'rpc/add', '--hold', '9'], 'has the steps 1 to 3'],
    ['no server', ['--case', 'rpc/add', '--role', 'server'], '--url'],
    ['no URL', ['--case', 'rpc/add', '--role', 'server', '--url', 'x'], 'written ws://host:port, not x'],
    ['no protocol', [], 'say which protocol to serve'],
  ])('%s is refused', async (_name, words, message) => {
    const { stderr, exitCode } = await weir('serve', ...words);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});
