import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readManifest, resolveManifest } from '../adapters/manifest.ts';
import type { LoadedCase } from '../cases/case.ts';
import { packageRoot } from '../package-root.ts';
import { protocolEntry } from '../registry.ts';
import { isTimeless, withoutKnownFailures } from './timeless.ts';

function caseOf(actions: readonly object[], about: object = {}): LoadedCase {
  // Only these members are read.
  return { tags: [], server: { timers: {} }, steps: actions.map((action) => ({ action })), ...about } as unknown as LoadedCase;
}

const receive = { kind: 'receive' };

test('counts no case that waits, asks for timers of its own, or sends very much', () => {
  expect(isTimeless(caseOf([{ kind: 'connect', timers: {} }, receive]))).toBe(true);
  expect(isTimeless(caseOf([receive, { kind: 'quiet', for: 500 }]))).toBe(false);
  expect(isTimeless(caseOf([{ kind: 'fault' }, receive]))).toBe(false);
  expect(isTimeless(caseOf([{ kind: 'connect', timers: { lifetimeMs: 5 } }, receive]))).toBe(false);
  expect(isTimeless(caseOf([receive], { server: { timers: { lifetimeMs: 5 } } }))).toBe(false);
  expect(isTimeless(caseOf([receive], { tags: ['large'] }))).toBe(false);
  expect(isTimeless(caseOf(Array.from({ length: 200 }, () => receive)))).toBe(true);
  expect(isTimeless(caseOf(Array.from({ length: 201 }, () => receive)))).toBe(false);
});

test('leaves out the case-runs that an implementation fails every time, of its column', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-bench-'));
  try {
    const knownFailures = join(folder, 'known-failures.yaml');
    const flaky = 'flaky: { rate: 0.1, runs: 10, until: 2020-01-01 }';
    writeFileSync(
      knownFailures,
      [
        '- { case: swill/a/*, role: client, reason: hangs }',
        `- { case: swill/b, reason: now and then, ${flaky} }`,
        "- { case: swill/b, versions: ['other'], reason: hangs }",
      ].join('\n'),
    );
    const file = join(packageRoot(), 'implementations/swill-js/implementation.yaml');
    const implementation = resolveManifest(file, readManifest(file));
    const protocol = await protocolEntry('swill').protocol();
    const patterns = (changes: object): readonly string[] =>
      withoutKnownFailures({ ...implementation, roles: ['client', 'server'], bindings: ['tcp'], ...changes }, protocol, [
        'swill/a/1',
        'swill/b',
      ]);
    expect(patterns({ knownFailures })).toEqual(['swill/a/1@server+tcp', 'swill/b']);
    expect(patterns({ knownFailures, roles: ['client'] })).toEqual(['swill/b']);
    expect(patterns({ knownFailures: undefined })).toEqual(['swill/a/1', 'swill/b']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
