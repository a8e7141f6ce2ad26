import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadCorpus } from '../cases/load.ts';
import { declaredWaitMs } from '../execute/longest-first.ts';
import { packageRoot } from '../package-root.ts';
import { protocolEntry, registry } from '../registry.ts';
import { weirRun } from './weir.ts';

/** One run of the corpus, or of part of it. */
export interface CorpusRate {
  readonly what: string;
  /** Case-runs that were not skipped. */
  readonly runs: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Largest resident set of the runner. */
  readonly peakMiB: number | undefined;
  /** How many came to each verdict. */
  readonly verdicts: Readonly<Record<string, number>>;
}

/** Runs the corpus by the command line and says how fast it went. */
export async function corpusRate(what: string, args: readonly string[]): Promise<CorpusRate> {
  const { results, peakMiB } = await weirRun(args);
  const ran = results.runs.filter(({ verdict }) => verdict !== 'skip');
  const verdicts: Record<string, number> = {};
  for (const { verdict } of ran) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  const seconds = results.durationMs / 1000;
  return { what, runs: ran.length, seconds, perSecond: ran.length / seconds, peakMiB, verdicts };
}

/**
 * The corpora of protocols whose ends dial a broker, with a real one; in full runs also what `brokered/<protocol>.yaml` asks of many of them
 * at once, which takes minutes.
 */
export async function brokeredRates(quick: boolean): Promise<readonly CorpusRate[]> {
  const rates: CorpusRate[] = [];
  for (const name of Object.keys(registry)) {
    const { broker, title } = await protocolEntry(name).protocol();
    if (broker === undefined) continue;
    rates.push(await corpusRate(`${title}: reference pair, real ${broker.name}`, ['--protocol', name]));
    const file = join(packageRoot(), 'runner', 'bench', 'brokered', `${name}.yaml`);
    if (!quick && existsSync(file)) rates.push(await corpusRate(`${title}: a pool under cuts`, [file, '--protocol', name]));
  }
  return rates;
}

/** Ids of the cases in which no time must pass: no declared wait, no fault, and no heartbeat to be seen. */
export async function casesWithoutTimers(protocolName: string): Promise<readonly string[]> {
  const language = await protocolEntry(protocolName).protocol();
  const { cases } = loadCorpus({ folder: join(packageRoot(), 'cases', protocolName), language });
  const timed = new Set(['quiet', 'fault', 'toxic', 'peer', 'await', 'opened', 'closed', 'status']);
  return cases
    .filter((loaded) => declaredWaitMs(loaded) === 0 && !loaded.tags.includes('large'))
    .filter(({ steps }) => steps.every(({ action }) => !timed.has(action.kind)))
    .map(({ id }) => id);
}
