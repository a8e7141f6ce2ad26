import { join } from 'node:path';
import { bindingNames } from '../../protocols/common/binding.ts';
import type { Role } from '../../protocols/common/frame.ts';
import type { Completed } from '../execute/case-run.ts';
import type { ReferenceEnds } from '../execute/reference-ends.ts';
import { attempts, type Bench, referencePairs } from '../fuzz/attempt.ts';
import { campaign } from '../fuzz/campaign.ts';
import { loadWords } from '../fuzz/words.ts';
import { packageRoot } from '../package-root.ts';

/** What generated scenarios say of a patched peer: how many were run, and the first that failed. */
export interface Fuzzed {
  readonly runs: number;
  readonly completed: Completed | undefined;
}

/** Runs generated scenarios with the patched peer in that role until one fails or `forMs` are over. */
export async function fuzzed(bench: Bench, reference: ReferenceEnds, role: Role, forMs: number): Promise<Fuzzed> {
  const { protocol, run } = bench;
  const strict = { ...bench, run: { ...run, strict: true } };
  const until = run.now() + forMs;
  const { runs, failures } = await campaign({
    words: loadWords(join(packageRoot(), 'cases', protocol.name, 'fuzz.yaml')),
    seed: run.seed,
    roles: [role],
    bindings: bindingNames(protocol),
    runs: Number.POSITIVE_INFINITY,
    over: () => run.now() > until,
    concurrency: 1,
    has: () => true,
    kindOf: (procedure) => bench.catalogue.procedureKinds[procedure],
    known: () => false,
    attempt: attempts(strict, 'needed'),
    references: referencePairs(strict, reference, run.world),
    chancy: false,
  });
  return { runs, completed: failures[0]?.completed };
}
