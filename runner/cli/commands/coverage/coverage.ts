import pc from 'picocolors';
import { bindingNames } from '../../../../protocols/common/binding.ts';
import { conduct } from '../../../conduct.ts';
import { coverageOf, openRequirements, type RequirementCoverage } from '../../../coverage/coverage.ts';
import { mutantsByRequirement, presentMutants, readKilled } from '../../../coverage/mutants.ts';
import { createSecrets } from '../../../masking/secrets.ts';
import { packageRoot, packageVersion } from '../../../package-root.ts';
import { plan } from '../../../plan/plan.ts';
import { referenceFacts } from '../../../plan/reference-facts.ts';
import { select } from '../../../plan/select.ts';
import type { CaseRun } from '../../../results/result.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { type Loaded, loadProtocol } from '../../load.ts';
import { readResults } from '../../results-file.ts';

/** Options of `weir coverage`. */
export interface CoverageOptions {
  readonly json: boolean;
  /** Also what is covered. */
  readonly all: boolean;
  /** File that a run of the whole corpus left; undefined: the corpus is run. */
  readonly results?: string;
  /** File that a run of the mutants left. */
  readonly mutants?: string;
}

/** `weir coverage`: what tests each requirement, measured on the reference pair in the simulated world. Exit code 1 where something is open. */
export async function coverageCommand(name: string | undefined, options: CoverageOptions): Promise<number> {
  const loaded = await loadProtocol(name);
  const { protocol, corpus } = loaded;
  const killed = options.mutants === undefined ? undefined : readKilled(options.mutants);
  const mutants = presentMutants(packageRoot(), protocol.name);
  const runs = options.results === undefined ? await runsOf(loaded) : recordedRuns(loaded, options.results);
  const coverage = coverageOf(corpus.requirements.values(), runs, mutants && mutantsByRequirement(mutants, killed));
  process.stdout.write(options.json ? `${JSON.stringify(coverage.map(row), null, 2)}\n` : render(coverage, options.all));
  return openRequirements(coverage).length > 0 ? EXIT.findings : EXIT.ok;
}

/** The whole corpus, run by the reference pair. */
async function runsOf({ protocol, corpus, entry }: Loaded): Promise<readonly CaseRun[]> {
  const { simulatedWorld } = await import('../../../worlds/simulated/index.ts');
  const simulated = simulatedWorld();
  const reference = referenceFacts(protocol);
  const { runs } = await conduct({
    protocol,
    corpus,
    makeClient: await entry.makeClient(),
    makeServer: await entry.makeServer(corpus.services),
    world: simulated,
    simulated,
    secrets: createSecrets(),
    planned: plan(corpus, { patterns: [] }, { underTest: reference, peer: reference }, { bindings: bindingNames(protocol) }),
    implementation: undefined,
    knownFailures: [],
    label: undefined,
    seed: 1,
    strict: false,
    concurrency: 1,
    confirm: 'never',
    version: packageVersion(),
    output: undefined,
    traces: 'none',
    reproduce: ({ id }) => `npx weir run '${id}'`,
    now: () => performance.now(),
    startedAt: new Date().toISOString(),
    stopped: () => false,
    onCaseRun: () => undefined,
  });
  return runs;
}

/** Throws a `UsageError` where the results are not of all cases that a run has of itself. */
function recordedRuns({ protocol, corpus }: Loaded, file: string): readonly CaseRun[] {
  const results = readResults(file);
  if (results.weir !== packageVersion() || results.protocol !== protocol.name)
    throw new UsageError(`${file} is of Weir ${results.weir} and ${results.protocol}; run the corpus again`);
  const ran = new Set(results.runs.map((run) => run.case));
  const missing = select(corpus, { patterns: [] }, bindingNames(protocol)).find(({ id }) => !ran.has(id));
  if (missing !== undefined) throw new UsageError(`${file} has no ${missing.id}: coverage is of the whole corpus`);
  return results.runs;
}

function row({ requirement, ...rest }: RequirementCoverage) {
  return { id: requirement.id, level: requirement.level, ...rest };
}

function render(coverage: readonly RequirementCoverage[], all: boolean): string {
  const lines = coverage.filter(({ state }) => all || state === 'open').map(line);
  const levels = ['MUST', 'MUST-NOT', 'SHOULD', 'IMPL', 'MAY'] as const;
  const totals = levels.map((level) => {
    const own = coverage.filter(({ requirement }) => requirement.level === level);
    return `${level} ${own.filter(({ state }) => state === 'covered').length}/${own.length}`;
  });
  const broken = coverage.filter(({ mutants }) => mutants !== undefined);
  const withMutants = broken.length === 0 ? '' : `, ${broken.length} of ${coverage.length} broken by a mutant`;
  return [...lines, `covered: ${totals.join(', ')}; ${openRequirements(coverage).length} open${withMutants}`, ''].join('\n');
}

function mutantCount(mutants: RequirementCoverage['mutants']): string {
  if (mutants === undefined) return '';
  const { listed, killed } = mutants;
  return killed === undefined ? `, ${listed.length} mutants` : `, ${killed.length} of ${listed.length} mutants killed`;
}

function line({ requirement, cases, invariants, mutants, state }: RequirementCoverage): string {
  const head = `${requirement.id.padEnd(22)} ${requirement.level.padEnd(8)}`;
  switch (state) {
    case 'covered':
      return `${head} ${cases.length} cases, ${invariants.length} invariants${mutantCount(mutants)} ${pc.dim([...invariants, ...cases.slice(0, 3)].join(', '))}`;
    case 'unobservable':
      return `${head} ${pc.dim(`unobservable: ${requirement.unobservable}`)}`;
    case 'free':
      return `${head} ${pc.dim('nothing is demanded')}`;
    case 'open':
      return `${head} ${pc.red('open')} ${requirement.text}`;
  }
}
