import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { withSourcePositions } from './source-positions.ts';
import { main } from './testing/command-line.ts';

/** Says that the second line of out.js, from its third character on, is line 4 of in.ts, from its first. */
const payload = { version: 3, file: 'out.js', sources: ['../in.ts'], sourcesContent: [], names: [], mappings: ';EAGA', sourceRoot: '' };
const readMap = (file: string) => (file === 'file:///root/dist/out.js' ? payload : undefined);

test('a place in a built file becomes the one in its source', () => {
  const stack = 'Error: x\n    at work (file:///root/dist/out.js:2:3)\n    at async file:///root/dist/out.js:2:3';
  expect(withSourcePositions(stack, '/root', readMap)).toBe('Error: x\n    at work (in.ts:4:1)\n    at async in.ts:4:1');
});

test.each([
  ['a file without a map', '    at work (file:///root/dist/other.js:2:3)'],
  ['a place before all that the map knows', '    at work (file:///root/dist/out.js:1:1)'],
  ['Node’s own', '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)'],
])('%s stays as it is', (_name, line) => {
  expect(withSourcePositions(line, '/root', readMap)).toBe(line);
});

test('a bug of the built command line is told with the line of the source it is in', async () => {
  const breaks = 'data:text/javascript,process.stdout.write = () => { throw new TypeError("provoked"); }';
  const { exitCode, stderr } = await execa(process.execPath, ['--import', breaks, main, 'list', '--json'], { reject: false });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('TypeError: provoked');
  const [, line] = /at \S*listCommand \(runner\/cli\/commands\/list\/list\.ts:(\d+):\d+\)/.exec(stderr) ?? [];
  const source = readFileSync(join(packageRoot(), 'runner/cli/commands/list/list.ts'), 'utf8').split('\n');
  expect(source[Number(line) - 1]).toContain('process.stdout.write(');
});
