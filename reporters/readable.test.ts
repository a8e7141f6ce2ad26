import { describe, expect, test } from 'vitest';
import { create } from 'xmlbuilder2';
import { acting } from '../protocols/common/testing/acting.ts';
import { isPlainObject } from '../protocols/common/value.ts';
import type { CaseRun } from '../runner/results/result.ts';
import { consoleReporter } from './console/console.ts';
import { junitXml } from './junit.ts';
import { aFailure, someResults } from './testing/results.ts';

/** A case-run with a text put behind each of its own. */
function spoilt(run: CaseRun, text: string): CaseRun {
  const ours = new Set(['verdict', 'expected', 'mark', 'from', 'role', 'judge', 'level', 'outcome']);
  const spoil = (value: unknown): unknown => {
    if (typeof value === 'string') return value + text;
    if (Array.isArray(value)) return value.map(spoil);
    return isPlainObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, ours.has(key) ? item : spoil(item)]))
      : value;
  };
  return spoil(run) as CaseRun;
}

const FAILURE: CaseRun = { ...aFailure(), stderr: 'last words', bundle: 'bundles/b.json', knownReason: 'bug 7' };
const RUNS: readonly CaseRun[] = [
  FAILURE,
  { ...FAILURE, id: 'river/b@client+json', verdict: 'skip', expected: 'as-expected', skipReason: 'no such feature' },
  { ...FAILURE, id: 'river/c@client+json', expected: 'stale-known-failure', verdict: 'pass' },
  { ...FAILURE, id: 'river/d@client+json', verdict: 'question', expected: 'as-expected' },
];

function onConsole(runs: readonly CaseRun[]): string {
  let text = '';
  const output = { write: (more: string) => (text += more), interactive: false, colours: false, columns: 120 };
  const reporter = consoleReporter(output, { verbose: true, stories: 1 });
  reporter.start?.({
    protocol: 'River',
    world: 'real',
    seed: 1,
    timeScale: 0.2,
    total: runs.length,
    skipped: 0,
    implementation: runs[0]?.client.name,
  });
  for (const run of runs) reporter.caseRun?.(run);
  void reporter.finish(someResults([...runs]));
  return text;
}

const UNSEEN = /[^\P{C}\u{e000}-\u{f8ff}\n]|[\u2028\u2029]/u;

describe.each(acting)('a text that %s', (_what, text) => {
  const hostile = RUNS.map((run) => spoilt(run, text));

  test('neither acts on the console nor forges a line of it', () => {
    const shown = onConsole(hostile);
    expect(shown).not.toMatch(UNSEEN);
    const heads = (all: string): string[] =>
      all.split('\n').flatMap((line) => /^(?:FAIL|QUESTION|PASS|pass|fail|skip|\d+ passed)\b/.exec(line)?.[0] ?? []);
    expect(heads(shown)).toEqual(heads(onConsole(RUNS)));
  });

  test('neither breaks junit.xml nor adds to it', () => {
    const xml = junitXml(someResults([...hostile]));
    expect(xml).not.toMatch(UNSEEN);
    const count = (all: string): number[] =>
      ['testsuite', 'testcase', 'failure', 'skipped'].map((name) => elements(create(all).toObject(), name));
    expect(count(xml)).toEqual(count(junitXml(someResults([...RUNS]))));
  });
});

/** How many elements of that name there are in a document. */
function elements(node: unknown, name: string): number {
  if (Array.isArray(node)) return node.reduce((sum: number, item) => sum + elements(item, name), 0);
  if (typeof node !== 'object' || node === null) return 0;
  const members: [string, unknown][] = node instanceof Map ? [...node.entries()] : Object.entries(node);
  return members.reduce((sum, [key, item]) => sum + (key === name ? (Array.isArray(item) ? item.length : 1) : 0) + elements(item, name), 0);
}
