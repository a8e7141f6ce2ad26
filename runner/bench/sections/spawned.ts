import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Implementation, MANIFEST_FILE, readManifest, resolveManifest } from '../../adapters/manifest.ts';
import { packageRoot } from '../../package-root.ts';
import type { Bar } from '../bar.ts';
import { A_SECOND, type CorpusRate, corpusRate, RATE_HEAD, rateRow } from '../corpus-rates.ts';
import { type Section, whereItCan } from '../section.ts';
import { casesWithoutTimers, withoutKnownFailures } from '../timeless.ts';

/** What every adapter that Node runs is held to. */
const BAR: Bar = { is: 'at least', value: 100, unit: A_SECOND };

/** Spawned adapters over the cases in which no time must pass, but for what they are known to fail: all that Node runs, the first column of each, and what a protocol asks for beside them. */
export const spawnedSection: Section = {
  name: 'spawned',
  title: 'Spawned adapters, cases without timers',
  perProtocol: true,
  async measure(bench) {
    const rates: CorpusRate[] = [];
    const there = implementationsThere();
    for (const { name, protocol, data } of bench.protocols) {
      const own = there.filter(({ protocol }) => protocol === name);
      const byNode = own.filter(({ command }) => command[0] === 'node').map((each) => [each, BAR] as const);
      const beside = bench.quick ? [] : own.filter((each) => data['also-spawned'].includes(each.name));
      const chosen = [...byNode, ...beside.map((each) => [each, undefined] as const)];
      if (chosen.length === 0) continue;
      const cases = casesWithoutTimers(protocol);
      for (const [each, bar] of chosen) {
        const patterns = withoutKnownFailures(each, protocol, cases);
        const args = ['--implementation', each.name, ...(bench.quick ? [] : ['--axes', 'full']), ...patterns];
        const what = `${protocol.title}: ${[each.name, each.label ?? ''].join(' ').trimEnd()}`;
        rates.push(...(await whereItCan(bench, what, () => corpusRate(what, args, bar))));
      }
    }
    return { head: RATE_HEAD, rows: rates.map(rateRow), values: rates };
  },
};

/** The first column of each. */
function implementationsThere(): readonly Implementation[] {
  const folder = join(packageRoot(), 'implementations');
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name, MANIFEST_FILE))
    .map((file) => resolveManifest(file, readManifest(file)));
}
