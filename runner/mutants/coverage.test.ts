import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { isReached, watchPlaces } from './coverage.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-coverage-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MODULE = `const WHILE_IMPORTED = 1;
export function asked(yes) {
  if (yes) {
    return mark('yes');
  }
  mark('behind the block');
  const unsure = yes === undefined ? (0, mark('unsure')) + 1 : 0;
  return unsure;
}
const mark = (word) => word.length;
export class Lazy {
  #value = mark('of a field');
  async later(wait) {
    await wait;
    return this.#value + mark('after a pause');
  }
}
export function never() {
  return mark('never');
}
`;

const placeOf = (id: string, words: string) => ({ id, from: MODULE.indexOf(words), to: MODULE.indexOf(words) + words.length });
const PLACES = [
  placeOf('imported', 'WHILE_IMPORTED = 1'),
  ...['yes', 'behind the block', 'unsure', 'of a field', 'after a pause', 'never'].map((word) => placeOf(word, `mark('${word}')`)),
];

interface Imported {
  asked(yes?: boolean): number;
  readonly Lazy: new () => { later(wait: Promise<void>): Promise<number> };
}

function watched(name: string) {
  const file = join(folder, name);
  writeFileSync(file, MODULE);
  const coverage = watchPlaces(pathToFileURL(file).href, PLACES);
  // By the engine itself, since what a test imports is changed before it runs.
  const module: Imported = createRequire(import.meta.url)(file);
  return { coverage, module };
}

describe('what is reached of a module', () => {
  it('is what ran since it was asked before', async () => {
    const { coverage, module } = watched('since.mjs');
    expect(coverage.reached()).toEqual(['imported']);
    expect(coverage.reached()).toEqual([]);
    module.asked(true);
    expect(coverage.reached()).toEqual(['yes']);
    module.asked(false);
    expect(coverage.reached()).toEqual(['behind the block']);
    module.asked();
    module.asked(true);
    expect(coverage.reached()).toEqual(['yes', 'behind the block', 'unsure']);
    const lazy = new module.Lazy();
    expect(coverage.reached()).toEqual(['of a field']);
    await lazy.later(Promise.resolve());
    expect(coverage.reached()).toContain('after a pause');
    coverage.stop();
  });

  it('is counted on where code has become hot', () => {
    const { coverage, module } = watched('hot.mjs');
    for (let round = 0; round < 20_000; round += 1) module.asked(round % 2 === 0);
    expect(coverage.reached()).toEqual(['imported', 'yes', 'behind the block']);
    for (let round = 0; round < 20_000; round += 1) module.asked(false);
    expect(coverage.reached()).toEqual(['behind the block']);
    coverage.stop();
  });
});

describe('a place', () => {
  const outer = { startOffset: 0, endOffset: 100, count: 1 };
  const missed = { startOffset: 20, endOffset: 40, count: 0 };
  const within = { startOffset: 25, endOffset: 30, count: 2 };

  it.each([
    ['in a block that did not run is not reached', { from: 22, to: 23 }, [outer, missed], false],
    ['that begins in one and goes on behind it is', { from: 35, to: 50 }, [outer, missed], true],
    ['at its end may be behind it', { from: 40, to: 40 }, [outer, missed], true],
    ['at its beginning may be before it', { from: 20, to: 20 }, [outer, missed], true],
    ['with something in it that ran is reached', { from: 21, to: 35 }, [outer, missed, within], true],
    ['in a module of which nothing is told is not', { from: 22, to: 23 }, [], false],
  ])('%s', (_what, stretch, counted, expected) => {
    expect(isReached(stretch, counted)).toBe(expected);
  });
});
