import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILE, type ReadManifest, readManifest } from '../../adapters/manifest.ts';
import { packageRoot } from '../../package-root.ts';
import type { Bar } from '../bar.ts';
import { A_SECOND, type CorpusRate, casesWithoutTimers, corpusRate, RATE_HEAD, rateRow } from '../corpus-rates.ts';
import { type Section, whereItCan } from '../section.ts';

/** What every adapter that Node runs is held to. */
const BAR: Bar = { is: 'at least', value: 100, unit: A_SECOND };

/** Spawned adapters over the cases in which no time must pass: all that Node runs, the first column of each, and what a protocol asks for beside them. */
export const spawnedSection: Section = {
  name: 'spawned',
  title: 'Spawned adapters, cases without timers',
  perProtocol: true,
  async measure(bench) {
    const rates: CorpusRate[] = [];
    const manifests = manifestsThere();
    for (const { name, protocol, data } of bench.protocols) {
      const own = manifests.filter((manifest) => manifest.protocol === name);
      const byNode = own.filter(({ command }) => command?.[0] === 'node').map((manifest) => [manifest, BAR] as const);
      const beside = bench.quick ? [] : own.filter((manifest) => data['also-spawned'].includes(manifest.name));
      const chosen = [...byNode, ...beside.map((manifest) => [manifest, undefined] as const)];
      if (chosen.length === 0) continue;
      const cases = casesWithoutTimers(protocol);
      for (const [manifest, bar] of chosen) {
        const args = ['--implementation', manifest.name, ...(bench.quick ? [] : ['--axes', 'full']), ...cases];
        const what = `${protocol.title}: ${[manifest.name, ...manifest.labels.slice(0, 1)].join(' ')}`;
        rates.push(...(await whereItCan(bench, what, () => corpusRate(what, args, bar))));
      }
    }
    return { head: RATE_HEAD, rows: rates.map(rateRow), values: rates };
  },
};

function manifestsThere(): readonly ReadManifest[] {
  const folder = join(packageRoot(), 'implementations');
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name, MANIFEST_FILE))
    .map(readManifest);
}
