import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { idOfFile } from '../../../cases/load.ts';
import type { Completed } from '../../../execute/case-run.ts';
import { LONGEST_WRITTEN, readText } from '../../../files/read.ts';
import { writeWhole } from '../../../files/write.ts';
import { attempts, type Bench } from '../../../fuzz/attempt.ts';
import { type CampaignPlan, type Failure, newsOf, shrink } from '../../../fuzz/campaign.ts';
import { isPublished, secretsOfCase } from '../../../masking/of-run.ts';
import type { PlannedRun } from '../../../plan/plan.ts';
import { referenceFacts } from '../../../plan/reference-facts.ts';
import { publishedRun, tell } from '../../evidence.ts';
import type { Loaded } from '../../load.ts';
import { reproduce } from '../../reproduce.ts';
import type { FuzzOptions } from './options.ts';
import { say } from './say.ts';

/** How many seeds are tried to make the written case fail, where the first does not. */
const SEEDS = 8;

/** What a report is made with. */
export interface Desk {
  readonly bench: Bench;
  readonly loaded: Loaded;
  readonly options: FuzzOptions;
  readonly underTest: PlannedRun['client'];
}

/** Makes a failure small until `over`, writes it as a case, and tells of it. Gives the case-runs that show it, none where it did not come again. */
export async function report(
  failure: Failure,
  plan: CampaignPlan,
  { bench, loaded, options, underTest }: Desk,
  over: () => boolean,
): Promise<readonly Completed[] | undefined> {
  say(`scenario ${failure.index} fails: ${newsOf(failure.completed, plan)?.message ?? failure.completed.judged.verdict}`);
  const shrunk = await shrink(plan, failure, over);
  say(`made smaller in ${shrunk.tried} steps`);
  const file = join(options.output, `${plan.seed}-${failure.index}.yaml`);
  writeWhole(file, shrunk.text);
  const { completed, seed } = await again(file, failure, plan, bench);
  if (plan.chancy && newsOf(completed, plan) === undefined) {
    rmSync(file);
    say(`it did not come again in ${SEEDS} runs of its case, and is not counted`);
    return undefined;
  }
  const { role } = failure;
  const { assignment } = completed;
  options.secrets.speaks(loaded.protocol);
  options.secrets.learn(secretsOfCase(assignment.case, options.secrets.keys), isPublished(assignment.case));
  const peer = referenceFacts(loaded.protocol);
  const ends = role === 'client' ? { client: underTest, server: peer } : { client: peer, server: underTest };
  const planned: PlannedRun = { ...assignment, case: { ...assignment.case, file }, ...ends, skip: undefined };
  const command = reproduce(planned, { ...options, world: bench.run.world.name }, seed);
  tell(
    publishedRun(planned, completed, {
      loaded,
      timeScale: bench.run.world.timeScale,
      strict: bench.run.strict,
      masker: options.secrets.masker,
      again: command,
    }),
  );
  say(`the case is in ${file}`);
  return [shrunk.completed, completed];
}

/** Runs the written case as `weir run` does, and finds a seed with which it fails. */
async function again(
  file: string,
  { role, binding }: Failure,
  plan: CampaignPlan,
  bench: Bench,
): Promise<{ readonly completed: Completed; readonly seed: number }> {
  const id = `${bench.protocol.name}/${idOfFile(bench.protocol.name, file)}`;
  const text = readText(file, LONGEST_WRITTEN);
  let last: Completed | undefined;
  for (let seed = plan.seed; seed < plan.seed + SEEDS; seed += 1) {
    last = await attempts({ ...bench, run: { ...bench.run, seed } }, 'always')(text, { id, role, binding });
    if (newsOf(last, plan) !== undefined) return { completed: last, seed };
  }
  if (last === undefined) throw new Error(`${file} was not run`);
  return { completed: last, seed: plan.seed };
}
