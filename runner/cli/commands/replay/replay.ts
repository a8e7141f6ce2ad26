import pc from 'picocolors';
import { bindingNames } from '../../../../protocols/common/binding.ts';
import { plain } from '../../../../protocols/common/plain.ts';
import type { Protocol } from '../../../../protocols/common/protocol.ts';
import { describeRecord, firstRecordDifference } from '../../../bundles/compare.ts';
import { type Bundle, readBundle } from '../../../bundles/format.ts';
import { caseOfBundle, plannedOfBundle } from '../../../bundles/judge.ts';
import type { Law } from '../../../bundles/law.ts';
import { describeMasks, type Unmasked, unmaskedBy, unmaskedByCorpus } from '../../../bundles/unmask.ts';
import type { LoadedCase } from '../../../cases/case.ts';
import { type Conduct, conduct } from '../../../conduct.ts';
import type { Completed } from '../../../execute/case-run.ts';
import { timersInWorld } from '../../../execute/fixed-timers.ts';
import { type Masker, UNMASKED } from '../../../masking/masker.ts';
import { packageRoot, packageVersion } from '../../../package-root.ts';
import type { PlannedRun } from '../../../plan/plan.ts';
import { runId } from '../../../plan/run-id.ts';
import type { CaseRun } from '../../../results/result.ts';
import { recordsOf } from '../../../results/trace-record.ts';
import { demandBroker, refuseIdleBroker, whyNotOnNamed } from '../../broker.ts';
import { changesSince, compared, loadPeers, readEvidence, tell } from '../../evidence.ts';
import { exitCodeOf, UsageError } from '../../exit.ts';
import { takeInterrupts } from '../../interrupt.ts';
import { type Loaded, loadServices, withProfile } from '../../load.ts';
import type { SecretOptions } from '../../masked-output.ts';
import { type Opened, openNamed } from '../../open.ts';
import { againAs } from './again.ts';
import { trusted } from './trusted.ts';

/** Options of `weir replay`. */
export interface ReplayOptions extends SecretOptions {
  /** Where the implementation lives: a bundle says it, but only the one who replays it may have it run. */
  readonly implementation?: string;
  /** The case file, where it is not the corpus's and its secrets are wanted. */
  readonly case?: string;
  readonly repeat: number;
  readonly redisUrl?: string;
  readonly allowRemote: boolean;
}

interface Repeated {
  readonly run: CaseRun;
  /** How its frames compare with the recorded ones, where they should be the same. */
  readonly frames: string | undefined;
}

/** `weir replay`: runs again what a bundle is of, with the same seed and faults, and says whether it fails again. Gives the exit code. */
export async function replayCommand(file: string, options: ReplayOptions): Promise<number> {
  const bundle = readBundle(file, readEvidence(file));
  const loaded = withProfile(await loadServices(bundle.protocol), bundle.profile);
  const law = { protocol: loaded.protocol, catalogue: loaded.corpus };
  const { case: theCase, masker } = unmasked(bundle, law, options.case);
  for (const change of changesSince(bundle, packageVersion(), law)) note(change);
  refuseIdleBroker(loaded.protocol, options.redisUrl);
  const unfit = whyNotOnNamed(theCase, options.redisUrl);
  if (unfit !== undefined) throw new UsageError(unfit);
  const named = options.implementation ?? (await trusted(bundle));
  // A signal ends it at once, and the adapter with it.
  takeInterrupts(process, () => {});
  const implementation = named === undefined ? undefined : await openNamed(named, 1, loaded.protocol, options.secrets, true);
  const whom = implementation === undefined ? 'the reference pair' : `${implementation.open.info.name} ${implementation.open.info.version}`;
  const world = implementation === undefined ? bundle.world : 'real';
  if (world === 'simulated' && options.redisUrl !== undefined)
    throw new UsageError('a Redis lives in the real world, and the bundle is of the simulated one; leave --redis-url out');
  say(`replaying ${bundle.run} with ${whom}, ${world} world, seed ${bundle.seed}`);
  const repeated: Repeated[] = [];
  try {
    for (let i = 0; i < Math.max(1, options.repeat); i += 1) {
      repeated.push(await repeatOnce(bundle, file, theCase, loaded, implementation, { ...options, masker }));
    }
  } finally {
    await implementation?.open.close();
  }
  const shown = repeated.find(({ run }) => run.verdict !== 'pass') ?? repeated[0];
  if (shown !== undefined) tell(shown.run);
  if (shown?.frames !== undefined) say(shown.frames);
  if (repeated.length === 1 && shown !== undefined) say(compared(bundle, shown.run));
  else say(counted(bundle, repeated));
  return exitCodeOf(repeated.map(({ run }) => run));
}

async function repeatOnce(
  bundle: Bundle,
  file: string,
  theCase: LoadedCase,
  loaded: Loaded,
  implementation: Opened | undefined,
  {
    secrets,
    masker,
    ...options
  }: Pick<ReplayOptions, 'secrets' | 'implementation' | 'allowRemote' | 'redisUrl'> & { readonly masker: Masker },
): Promise<Repeated> {
  const { simulatedWorld } = await import('../../../worlds/simulated/index.ts');
  const simulated = simulatedWorld();
  const world = bundle.world === 'simulated' && implementation === undefined ? simulated : await realWorldOf(bundle, options);
  await demandBroker(world, loaded.protocol);
  const found: Repeated[] = [];
  const rest: Omit<Conduct, 'onCaseRun'> = {
    ...(await loadPeers(loaded)),
    protocol: loaded.protocol,
    corpus: loaded.corpus,
    world,
    simulated,
    secrets,
    planned: plannedAgain(bundle, theCase, loaded.protocol, implementation),
    implementation: implementation?.open,
    knownFailures: [],
    label: implementation?.manifest.label,
    seed: bundle.seed,
    strict: bundle.strict,
    concurrency: bindingNames(loaded.protocol).length,
    timeoutMs: undefined,
    // At the bundle's own pace, in a process that has loaded what it needs.
    confirm: implementation === undefined ? 'never' : 'too-slow',
    slower: world,
    isolate: false,
    version: packageVersion(),
    output: undefined,
    traces: 'none',
    reproduce: () => againAs(file, options),
    now: () => performance.now(),
    startedAt: new Date().toISOString(),
    stopped: () => false,
  };
  await conduct({
    ...rest,
    onCaseRun: (run, completed) => {
      if (run.id !== bundle.run) return;
      // A long trace can be read only now.
      const frames = world.name === 'simulated' ? framesCompared(bundle, completed, loaded.protocol, masker) : undefined;
      found.push({ run, frames });
    },
  });
  await world.close();
  const [result] = found;
  if (result === undefined) throw new Error(`${bundle.run} was not run`);
  return result;
}

/** The run of the bundle; where bindings were compared, those of the case's other bindings too. */
function plannedAgain(bundle: Bundle, theCase: LoadedCase, protocol: Protocol, implementation: Opened | undefined): PlannedRun[] {
  const original = plannedOfBundle(bundle, theCase);
  const info = implementation?.open.info;
  const underTest = info === undefined ? original[bundle.role] : { ...info, reference: false };
  const planned: PlannedRun = {
    ...original,
    [bundle.role]: underTest,
    fixedTimers: timersInWorld(info?.timers, bundle.role, protocol, 1),
  };
  if (!bundle.findings.some(({ judge }) => judge === 'binding')) return [planned];
  const bindings = (theCase.bindings ?? bindingNames(protocol)).filter((binding) => info === undefined || info.bindings.includes(binding));
  return bindings.map((binding) =>
    binding === bundle.binding ? planned : { ...planned, binding, id: runId(theCase.id, bundle.role, binding, bundle.repeat) },
  );
}

async function realWorldOf(
  { timeScale }: Bundle,
  { allowRemote, redisUrl }: Pick<ReplayOptions, 'allowRemote' | 'redisUrl'>,
): Promise<Conduct['world']> {
  const { realWorld } = await import('../../../worlds/real/index.ts');
  return realWorld({ timeScale, allowRemote, brokerUrl: redisUrl });
}

/** The case with its secrets where they are masked in the bundle and somebody here has them, else with the masks. */
function unmasked(bundle: Bundle, law: Law, file: string | undefined): Unmasked {
  const masks = describeMasks(bundle);
  if (masks === undefined) return { case: caseOfBundle(bundle, law), masker: UNMASKED };
  const found = file === undefined ? unmaskedByCorpus(bundle, law, packageRoot()) : unmaskedBy(readEvidence(file), bundle, law);
  if (found !== undefined) return found;
  if (file !== undefined) throw new UsageError(`${file} is not the case of the bundle: masked, it is another`);
  note(`${masks}; with --case <file> the case is taken from a file that has them`);
  return { case: caseOfBundle(bundle, law), masker: UNMASKED };
}

function framesCompared({ observed }: Bundle, completed: Completed | undefined, protocol: Protocol, masker: Masker): string {
  if (observed === undefined || completed?.performance === undefined) return 'there is no trace to compare';
  const { binding } = completed.assignment;
  const now = recordsOf(completed.performance.wholeTrace, { protocol, binding, masker });
  const difference = firstRecordDifference(observed.trace, JSON.parse(JSON.stringify(now)) as object[]);
  if (difference === undefined) return `identical to the frame: ${now.length} events`;
  return `differs at event ${difference.n}:\n  recorded ${describeRecord(difference.before)}\n  now      ${describeRecord(difference.now)}`;
}

function counted(bundle: Bundle, repeated: readonly Repeated[]): string {
  const was = bundle.findings[0]?.fingerprint ?? bundle.verdict;
  const outcomes = repeated.map(({ run }) => (run.verdict === 'pass' ? 'pass' : (run.findings[0]?.fingerprint ?? run.verdict)));
  const others = [...new Set(outcomes.filter((outcome) => outcome !== 'pass' && outcome !== was))];
  const count = (which: string): number => outcomes.filter((outcome) => outcome === which).length;
  const lines = [`${count(was)} of ${outcomes.length} with the same fingerprint: ${was}`, `${count('pass')} passed`];
  for (const other of others) lines.push(`${count(other)} with another fingerprint: ${other}`);
  return lines.map((line) => `  ${line}`).join('\n');
}

function note(text: string): void {
  process.stderr.write(`note: ${plain(text)}\n`);
}

function say(text: string): void {
  process.stdout.write(`${pc.dim('·')} ${plain(text)}\n`);
}
