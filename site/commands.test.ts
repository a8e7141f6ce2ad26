import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { execa } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { builtMain, packageRoot } from '../runner/package-root.ts';
import { callable, declaredProgram } from './command-page.ts';
import { fencesIn } from './markdown.ts';
import { commandOf, weirCommands, wordsOf } from './shell.ts';

const root = packageRoot();
const main = builtMain();
const documents = new Map(
  [
    'README.md',
    'CONTRIBUTING.md',
    ...readdirSync(join(root, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ].map((path) => [path, readFileSync(join(root, path), 'utf8')]),
);
const fences = [...documents].flatMap(([path, text]) =>
  fencesIn(text)
    .filter(({ language }) => language === 'sh')
    .map((fence) => ({ ...fence, path })),
);

/** Why a command could not be typed as it stands: an unknown command or option, too few or too many words. */
function objection(words: readonly string[]): string | undefined {
  const program = declaredProgram();
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
    command.commands.forEach(quiet);
  };
  quiet(program);
  for (const { command } of callable(program)) command.action(() => {});
  try {
    program.parse([...words], { from: 'user' });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('every command of Weir in a shell block can be typed as it stands', () => {
  const commands = fences.flatMap((fence) => weirCommands(fence.text).map((command) => ({ ...fence, command })));
  expect(commands.length).toBeGreaterThan(50);
  const objections = commands.flatMap(({ path, line, command }) => {
    const said = objection(wordsOf(command));
    return said === undefined ? [] : [`${path}:${line}: weir ${command}: ${said}`];
  });
  expect(objections).toEqual([]);
});

test('the rule finds what breaks it', () => {
  expect(objection(['run', '--no-such-option'])).toMatch(/unknown option/);
  expect(objection(['jog'])).toMatch(/unknown command/);
  expect(objection(['explain'])).toMatch(/missing required argument/);
  expect(objection(['run', 'river/rpc/add', '--world', 'real'])).toBeUndefined();
});

test('every script of npm in a shell block is one', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const named = fences.flatMap(({ text }) => [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

/** Guides whose shell blocks are played from the first to the last, but for those that say why not. */
const PLAYED = ['docs/quick-start.md', 'docs/first-adapter.md', 'docs/new-protocol.md'];

const shownCommands = z.array(
  z.union([
    z.strictObject({ commands: z.array(z.string()).min(1), 'ran-by': z.string(), as: z.string() }),
    z.strictObject({ commands: z.array(z.string()).min(1), 'not-run': z.string().min(10) }),
  ]),
);

describe('every command of a shell block is run, or says why not', () => {
  const list = shownCommands.parse(parse(readFileSync(join(root, 'site', 'shown-commands.yaml'), 'utf8')));
  const shown = fences
    .filter(({ path, comment }) => !PLAYED.includes(path) && comment?.startsWith('not run: ') !== true)
    .flatMap(({ text, path }) => text.split('\n').map((line) => ({ path, command: commandOf(line) })))
    .filter(({ command }) => command !== '');
  const listed = list.flatMap(({ commands }) => commands);

  test('it is in a guide that is played, or has a reason beside it, or is in the list', () => {
    expect(shown.filter(({ command }) => !listed.includes(command))).toEqual([]);
  });

  test('the list names each once, and none that no document shows', () => {
    expect(listed.filter((command, at) => listed.indexOf(command) !== at)).toEqual([]);
    expect(listed.filter((command) => !shown.some((each) => each.command === command))).toEqual([]);
  });

  test('what is said to run them does', () => {
    const idle = list.filter((each) => 'ran-by' in each && !readFileSync(join(root, each['ran-by']), 'utf8').includes(each.as));
    expect(idle).toEqual([]);
  });

  test('a comment is no part of a command', () => {
    expect(commandOf("npx weir run 'a#b'   # why")).toBe("npx weir run 'a#b'");
    expect(commandOf('# all of it')).toBe('');
  });
});

describe.skipIf(!existsSync(main))('played as a reader would', () => {
  test.each(PLAYED)('%s', async (path) => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-guide-'));
    folders.push(folder);
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const { language, text, comment } of fencesIn(documents.get(path) ?? '')) {
      if (language === 'js') put(folder, text);
      if (language !== 'sh' || comment?.startsWith('not run: ') === true) continue;
      const allowed = comment?.startsWith('exit 1: ') === true ? 1 : 0;
      for (const command of weirCommands(text)) {
        const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...wordsOf(command)], {
          cwd: folder,
          reject: false,
          env: { NO_COLOR: '1' },
        });
        expect(exitCode, `weir ${command}\n${stdout}\n${stderr}`).toBe(allowed);
      }
    }
  });
});

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Writes a block of a guide where the guide says: the library, the adapter, or the line of it that is mended. */
function put(folder: string, text: string): void {
  const adapter = join(folder, 'my-river', 'adapter.mjs');
  if (text.includes('export function makeClient')) writeFileSync(join(folder, 'my-river', 'client.mjs'), text);
  if (text.includes("from './client.mjs'")) writeFileSync(adapter, text);
  if (text.startsWith('call.error('))
    writeFileSync(adapter, readFileSync(adapter, 'utf8').replace('call.error(payload.code, payload.message)', text.trim()));
}
