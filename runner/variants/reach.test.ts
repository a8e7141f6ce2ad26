import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../package-root.ts';

const IDS = ['server-no-debug', 'client-get-padded', 'server-names-identity'];

interface Told {
  readonly id: string;
  readonly runs: number;
  readonly shown: number;
  readonly alarms: readonly unknown[];
}

describe('case-runs that do not reach what a variant does otherwise', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-reach-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const told = (file: string, cases: string, ids: readonly string[], ...more: string[]): readonly Told[] => {
    const json = join(folder, file);
    const which = ['--protocol', 'connect', '--axes', 'smoke', '--case', cases, '--variant', ...ids];
    execFileSync(process.execPath, ['dist/runner/variants/main.js', ...which, '--json', json, ...more], { cwd: packageRoot() });
    return JSON.parse(readFileSync(json, 'utf8')).variants;
  };

  it('are left out, for in none of them anything comes out otherwise', () => {
    const everywhere = told('everywhere.json', 'connect/{errors,get}/**', IDS, '--everywhere');
    const reached = told('reached.json', 'connect/{errors,get}/**', IDS);
    expect(reached.map(({ id }) => id).toSorted()).toEqual(IDS.toSorted());
    expect(reached.map(({ runs: _fewer, ...rest }) => rest)).toEqual(everywhere.map(({ runs: _all, ...rest }) => rest));
    expect(everywhere.every(({ shown }) => shown > 0)).toBe(true);
    expect(reached.every(({ id, runs }) => runs <= (everywhere.find((other) => other.id === id)?.runs ?? 0))).toBe(true);
    expect(reached.find(({ id }) => id === 'server-no-debug')?.runs).toBeLessThan(10);
  });

  it('nor are more than asked for, but where none of those shows the variant', () => {
    const few = told('few.json', 'connect/get/**', ['client-get-padded', 'server-names-identity'], '--most', '1');
    expect(few.every(({ shown, alarms }) => shown > 0 && alarms.length === 0)).toBe(true);
    expect(few.some(({ runs }) => runs === 1)).toBe(true);
  });
});
