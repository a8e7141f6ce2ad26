import { parentPort, workerData } from 'node:worker_threads';
import { conduct } from '../conduct.ts';
import { createSecrets } from '../masking/secrets.ts';
import { packageVersion } from '../package-root.ts';
import type { PlannedRun } from '../plan/plan.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';
import { loadPeers } from './evidence.ts';
import { loadCases, withProfile } from './load.ts';
import { openWorld } from './preparation.ts';
import { reproduce } from './reproduce.ts';
import { referenceConcurrency, type ThreadNews, type ThreadTask } from './threads.ts';

/** One thread of a run of the reference pair: runs its part of the plan. */
async function work({ protocol: name, runs, options: sent, output, threads, set, brokerUrl, stop }: ThreadTask): Promise<void> {
  const { redact: keys = [], showSecrets: show = false } = sent;
  const secrets = createSecrets({ keys, show });
  const options = { ...sent, secrets };
  const ids = new Set(runs.flatMap((run) => (typeof run.case === 'string' ? [run.case] : [])));
  const loaded = withProfile(await loadCases(name, ids), options.profile);
  const cases = new Map(loaded.corpus.cases.flatMap((each) => each.roles.map((role) => [`${each.id}@${role}`, each])));
  const planned = runs.map((run): PlannedRun => {
    const found = typeof run.case === 'string' ? cases.get(`${run.case}@${run.role}`) : run.case;
    if (found === undefined) throw new Error(`the case of ${run.id} is gone from the corpus`);
    return { ...run, case: found };
  });
  const simulated = simulatedWorld();
  const world = await openWorld(options, simulated, brokerUrl);
  const tell = (news: ThreadNews): void => parentPort?.postMessage(news);
  const { seed } = options;
  await conduct({
    ...(await loadPeers(loaded)),
    protocol: loaded.protocol,
    corpus: loaded.corpus,
    world,
    simulated,
    planned,
    secrets,
    implementation: undefined,
    knownFailures: [],
    label: undefined,
    seed,
    strict: options.strict,
    profile: options.profile,
    set,
    concurrency: Math.max(1, Math.ceil((options.concurrency ?? referenceConcurrency(world.name)) / threads)),
    timeoutMs: options.timeout,
    confirm: 'never',
    version: packageVersion(),
    output,
    traces: options.traces,
    reproduce: (run) => reproduce(run, options, seed),
    now: () => performance.now(),
    startedAt: new Date().toISOString(),
    stopped: () => Atomics.load(stop, 0) !== 0,
    onCaseRun: (run) => tell({ run, learned: secrets.learned() }),
    onUnkept: (unkept) => tell({ unkept }),
  });
  await world.close();
}

await work(workerData as ThreadTask);
