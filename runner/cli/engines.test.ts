import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { commandLine } from './testing/command-line.ts';
import { engineFlags } from './tuning.ts';

// CI runs these, as all tests, on each version of Node that Weir supports.

const { weir } = commandLine('engines');

describe('flags of the engine', () => {
  test('are known to the one that runs here', async () => {
    const { stdout } = await execa(process.execPath, ['--v8-options']);
    const known = (flag: string): boolean => new RegExp(`^\\s+${flag.replace(/=.*/, '')} \\(`, 'm').test(stdout);
    expect(engineFlags(process.versions.v8).filter((flag) => !known(flag))).toEqual([]);
    expect(known('--no-such-flag=1')).toBe(false);
  });

  test.each([
    ['11.3.244.8-node.33', 1],
    ['12.4.254.21-node.57', 1],
    ['13.6.233.17-node.63', 0],
    ['11.30.1', 0],
    ['99.0.0', 0],
    ['', 0],
  ])('of V8 %s: %i', (v8, count) => {
    expect(engineFlags(v8)).toHaveLength(count);
  });
});

test.each([
  [['--version']],
  [['--help']],
  [['list', 'river/rpc/*']],
  [['show', 'river/rpc/add']],
  [['explain', 'RIVER-HS-03']],
  [['run', 'river/rpc/add', '--no-output']],
  [['run', 'river/rpc/*', 'river/stream/*', '--world', 'simulated', '--threads', '2', '--no-output']],
  [['run', 'river/rpc/add', '-i', 'reference-node', '--no-output']],
  [['fuzz', '--runs', '1', '--seed', '1']],
])('weir %j says nothing on standard error', async (words) => {
  const { stderr, exitCode } = await weir(...words);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
});

test('the version that runs here is one that the package says it supports', () => {
  const { engines }: { engines: { node: string } } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  const major = Number(process.versions.node.split('.')[0]);
  expect(engines.node).toBe('^20.19 || ^22 || >=24');
  expect(major === 20 || major === 22 || major >= 24).toBe(true);
});
