import { expect, test } from 'vitest';
import { weirCommands, wordsOf } from './shell.ts';

test('commands of Weir are found in a block', () => {
  expect(weirCommands('npx weir run a # why\nls\nnpx weir-conformance run \\\n  b\n')).toEqual(['run a # why', 'run b']);
});

test.each([
  ['run river/rpc/add   # why', ['run', 'river/rpc/add']],
  ['call river ws://a:1 test.add \'{"n": 1}\'', ['call', 'river', 'ws://a:1', 'test.add', '{"n": 1}']],
  ['export a.json --jsonl | jq -r x', ['export', 'a.json', '--jsonl']],
  ['export a.json -o b && wireshark b', ['export', 'a.json', '-o', 'b']],
  ['show a#b', ['show', 'a#b']],
])('%s', (command, words) => {
  expect(wordsOf(command)).toEqual(words);
});
