import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { commandLine, main } from './testing/command-line.ts';
import { flawed } from './testing/flawed.ts';

const { folder } = commandLine('watch');

/** Starts `weir run --watch`; `heard` waits for the next time that it says something. */
function watching(...words: string[]) {
  const child = execa(process.execPath, [main, 'run', ...words, '--watch', '--no-output'], {
    cwd: folder,
    reject: false,
    all: true,
    env: { NO_COLOR: '1' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  let news = (): void => {};
  child.all.on('data', (chunk: Buffer) => {
    said += String(chunk);
    news();
  });
  const ended = once(child.all, 'end').then(() => 'ended' as const);
  const heard = async (text: string): Promise<string> => {
    while (!said.includes(text)) {
      const more = new Promise<void>((resolve) => {
        news = resolve;
      });
      if ((await Promise.race([more, ended])) === 'ended') throw new Error(`it ended without saying ${text}: ${said}`);
    }
    const before = said.slice(0, said.indexOf(text));
    said = said.slice(before.length + text.length);
    return before;
  };
  return { child, turn: () => heard('watching for changes') };
}

/** A case file of somebody's own, good or with a syntax error. */
function writeCase(name: string, good: boolean): string {
  const text = `title: A sum is what it should be
requirements: [RIVER-STREAM-RPC-01]
under-test: [client]
steps:
  - invoke: { as: sum, procedure: test.add, init: { n: 4 } }
  - receive: { from: sum, ok: { result: 4 } }
  - end: sum
`;
  writeFileSync(join(folder, name), good ? text : text.replace('- end: sum', '- end: [sum'));
  return name;
}

test('--watch runs again when the implementation changes, and ends with Ctrl-C', async () => {
  const place = flawed(join(folder, 'watched'));
  const { child, turn } = watching('-i', place, 'rpc/add@client+json');
  expect(await turn()).toContain('1 passed');
  writeFileSync(join(place, 'touched'), '');
  expect(await turn()).toContain('1 passed');
  child.kill('SIGINT');
  expect((await child).exitCode).toBe(0);
});

test('--watch goes on after a syntax error in a case, and runs it once it is mended', async () => {
  const { turn } = watching(writeCase('mine.yaml', true), '--world', 'simulated');
  expect(await turn()).toContain('2 passed');
  writeCase('mine.yaml', false);
  expect(await turn()).toContain('mine.yaml:8:');
  writeCase('mine.yaml', true);
  expect(await turn()).toContain('2 passed');
});

test('--watch may begin with a syntax error', async () => {
  const { turn } = watching(writeCase('begun.yaml', false), '--world', 'simulated');
  expect(await turn()).toContain('begun.yaml:8:');
  writeCase('begun.yaml', true);
  expect(await turn()).toContain('2 passed');
});

describe('--watch of what is red', () => {
  test('runs only that again, until it is green', async () => {
    const place = flawed(join(folder, 'red'));
    const { turn } = watching('-i', place, 'rpc/add', 'rpc/declared-error', '--role', 'client', '--binding', 'json');
    expect(await turn()).toContain('1 passed, 1 failed');
    for (const what of ['touched', 'touched again']) {
      writeFileSync(join(place, what), '');
      expect(await turn()).toContain('0 passed, 1 failed');
    }
  });
});

test('--watch knows where a built-in implementation lives', async () => {
  const { child, turn } = watching('-i', 'reference-node', 'rpc/add@client+json');
  expect(await turn()).toContain('1 passed');
  child.kill('SIGINT');
  expect((await child).exitCode).toBe(0);
});

test('--watch says at once what was typed wrong', async () => {
  expect(await watching('rpc/nowhere').child).toMatchObject({ exitCode: 2, all: expect.stringContaining('no case matches') });
});
