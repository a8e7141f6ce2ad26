import { parentPort, workerData } from 'node:worker_threads';
import { conduct } from '../conduct.ts';
import { packageVersion } from '../package-root.ts';
import { shardOf } from '../plan/narrow.ts';
import { loadProtocol, setNamed, withProfile } from './load.ts';
import { prepare, referenceFacts } from './preparation.ts';
import { reproduce } from './reproduce.ts';
import { referenceConcurrency, type ThreadNews, type ThreadTask } from './threads.ts';

/** One thread of a run of the reference pair: plans as the main thread did and runs its part. */
async function work({ patterns, options, output, index, threads }: ThreadTask): Promise<void> {
  const loaded = withProfile(await loadProtocol(options.protocol, patterns), options.profile);
  const { planned, worldName, ...prepared } = await prepare(loaded, patterns, options, referenceFacts(loaded));
  let stopped = false;
  parentPort?.on('message', () => {
    stopped = true;
  });
  const tell = (news: ThreadNews): void => parentPort?.postMessage(news);
  const { seed } = options;
  await conduct({
    ...prepared,
    protocol: loaded.protocol,
    corpus: loaded.corpus,
    planned: shardOf(planned, { index, count: threads }),
    implementation: undefined,
    knownFailures: [],
    label: undefined,
    seed,
    strict: options.strict,
    profile: options.profile,
    set: setNamed(loaded, options.set),
    concurrency: Math.max(1, Math.ceil((options.concurrency ?? referenceConcurrency(worldName)) / threads)),
    timeoutMs: options.timeout,
    confirm: false,
    version: packageVersion(),
    output,
    traces: options.traces,
    reproduce: (run) => reproduce(run, options, seed),
    now: () => performance.now(),
    startedAt: new Date().toISOString(),
    stopped: () => stopped,
    onCaseRun: (run) => tell({ run }),
  });
  await prepared.world.close();
  parentPort?.close();
}

await work(workerData as ThreadTask);
