import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { commandLine } from './testing/command-line.ts';

const { folder, weir } = commandLine('newcomer');
const GOOD = join(packageRoot(), 'implementations', 'reference-node', 'adapter.mjs');
const MANIFEST = {
  name: 'mine',
  title: 'Mine',
  language: 'JavaScript',
  protocol: 'river',
  roles: ['client'],
  command: [process.execPath, GOOD],
};

beforeAll(() => {
  for (const [file, text] of FILES) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
});

const FILES: readonly (readonly [file: string, text: string])[] = [
  ['empty.yaml', ''],
  ['comment.yaml', '# nothing yet\n'],
  ['list.yaml', '- invoke\n'],
  ['two.yaml', 'title: One of two documents\n---\ntitle: The other\n'],
  ['empty/implementation.yaml', ''],
  ['list/implementation.yaml', '- 1\n'],
  ['features/implementation.yaml', JSON.stringify({ ...MANIFEST, features: ['metadta', 'status-events'] })],
  ['codecs/implementation.yaml', JSON.stringify({ ...MANIFEST, roles: ['server'] })],
];

/** What somebody types, the exit code, and what helps; one more is a line. */
const TRIES: readonly (readonly [words: string, exitCode: number, told: RegExp])[] = [
  ['run empty.yaml', 2, /empty\.yaml:1:1: the file is empty[\s\S]*it has keys, such as `title`/],
  ['run comment.yaml', 2, /comment\.yaml:1:\d+: the file is empty/],
  ['run list.yaml', 2, /the file must be a map of keys, not a list/],
  ['run two.yaml', 2, /two\.yaml:2:1: a second document begins here; a file holds one/],
  ['run -i empty', 2, /implementation\.yaml:1:1: the file is empty[\s\S]*`name`/],
  ['run -i list', 2, /the file must be a map of keys, not a list/],
  ['run rpc/add -i features --no-output', 0, /names the feature "metadta", which River v2\.0 does not have; did you mean `metadata`\?/],
  ['run rpc/add --world simulated --no-output -o x', 2, /--output and --no-output contradict each other/],
  ['run rpc/add --world simulated -o x --no-output', 2, /--output and --no-output contradict each other/],
  ['call river ws://127.0.0.1:1 test.add', 1, /refused|nothing listens/i],
  ['call river 127.0.0.1:1 test.add', 2, /URL/],
  ['call river ws://127.0.0.1:1 add', 2, /service\.procedure/],
  ['replay nowhere.json', 2, /nowhere\.json/],
  ['merge nowhere.json', 2, /nowhere\.json/],
  ['check empty.yaml', 2, /empty\.yaml/],
];

test.each(TRIES)('weir %s', async (words, exitCode, told) => {
  const ran = await weir(...words.split(' '));
  expect(ran.stdout + ran.stderr).toMatch(told);
  expect(ran.exitCode).toBe(exitCode);
  expect(ran.stderr).not.toContain('bug of Weir');
});
