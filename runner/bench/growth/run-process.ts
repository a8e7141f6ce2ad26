import { join } from 'node:path';
import { buildCorpus } from '../../cases/corpus.ts';
import { readCorpusFiles } from '../../cases/load.ts';
import { CorpusError } from '../../cases/problem.ts';
import { runCorpus } from '../../execute/corpus-run.ts';
import { goldenSource } from '../../execute/golden.ts';
import { alwaysInProcess, referenceEnds } from '../../execute/reference-ends.ts';
import { packageRoot } from '../../package-root.ts';
import { protocolEntry } from '../../registry.ts';
import { realWorld } from '../../worlds/real/index.ts';
import { simulatedWorld } from '../../worlds/simulated/index.ts';
import type { GrownRun } from './grow.ts';

/** A process of its own that runs one case; arguments: protocol, text of the case, world, binding. */
const [name = '', text = '', worldName = 'simulated', binding = ''] = process.argv.slice(2);
const entry = protocolEntry(name);
const protocol = await entry.protocol();
const folder = join(packageRoot(), 'cases', name);
const path = 'bench/growth.yaml';
const file = { path, shown: path, text };
const outcome = buildCorpus(protocol, [...readCorpusFiles(folder, () => false), file]);
if (!outcome.ok) throw new CorpusError(outcome.problems);
const { corpus } = outcome;
const [loaded] = corpus.cases;
const [role] = loaded?.roles ?? [];
if (loaded === undefined || role === undefined) throw new Error(`${path} is no case`);
const reference = referenceEnds(await entry.makeClient(), await entry.makeServer(corpus.services));
const simulated = simulatedWorld();
const began = performance.now();
const grown: Pick<GrownRun, 'verdict' | 'frames' | 'message'> = await new Promise((resolve, reject) => {
  runCorpus(
    {
      protocol,
      requirements: corpus.requirements,
      procedureKinds: corpus.procedureKinds,
      world: worldName === 'real' ? realWorld({ timeScale: 1 }) : simulated,
      golden: goldenSource(simulated, reference),
      withEnds: alwaysInProcess(reference),
      seed: 1,
      strict: false,
      timeoutMs: 1e9,
      concurrency: 1,
      now: () => performance.now(),
      stopped: () => false,
    },
    [{ id: path, case: loaded, role, binding, repeat: 1 }],
    ({ judged, performance: seen }) => {
      let frames = 0;
      for (const event of seen?.trace ?? []) if (event.type === 'sent') frames += 1;
      resolve({ verdict: judged.verdict, frames, message: judged.findings[0]?.message });
    },
  ).catch(reject);
});
const told: GrownRun = { ...grown, ms: performance.now() - began, peakMiB: process.resourceUsage().maxRSS / 1024 };
process.send?.(told);
process.disconnect();
