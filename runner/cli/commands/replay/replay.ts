import pc from 'picocolors';
import type { Protocol } from '../../../../protocols/common/protocol.ts';
import { plain } from '../../../../reporters/console/plain.ts';
import { shellWord } from '../../../../reporters/console/shell-word.ts';
import { describeRecord, firstRecordDifference } from '../../../bundles/compare.ts';
import { type Bundle, readBundle } from '../../../bundles/format.ts';
import { caseOfBundle, plannedOfBundle } from '../../../bundles/judge.ts';
import type { LoadedCase } from '../../../cases/case.ts';
import { type Conduct, conduct } from '../../../conduct.ts';
import type { Completed } from '../../../execute/corpus-run.ts';
import { packageVersion } from '../../../package-root.ts';
import type { PlannedRun } from '../../../plan/plan.ts';
import { runId } from '../../../plan/run-id.ts';
import type { CaseRun } from '../../../results/result.ts';
import { recordsOf } from '../../../results/trace-record.ts';
import { changesSince, compared, loadPeers, readEvidence, tell } from '../../evidence.ts';
import { exitCodeOf, UsageError } from '../../exit.ts';
import { type Loaded, loadServices, withProfile } from '../../load.ts';
import { type Opened, openNamed } from '../../open.ts';

/** Options of `weir replay`. */
export interface ReplayOptions {
  /** Where the implementation lives, where that is not what the bundle says. */
  readonly implementation?: string;
  readonly repeat: number;
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
  const theCase = caseOfBundle(bundle, { protocol: loaded.protocol, catalogue: loaded.corpus });
  for (const change of changesSince(bundle, packageVersion())) process.stderr.write(`note: ${plain(change)}\n`);
  const named = options.implementation ?? nameIn(bundle);
  const implementation = named === undefined ? undefined : await open(named, loaded.protocol, options.implementation !== undefined);
  const whom = implementation === undefined ? 'the reference pair' : `${implementation.open.info.name} ${implementation.open.info.version}`;
  const world = implementation === undefined ? bundle.world : 'real';
  say(`replaying ${bundle.run} with ${whom}, ${world} world, seed ${bundle.seed}`);
  const repeated: Repeated[] = [];
  try {
    for (let i = 0; i < Math.max(1, options.repeat); i += 1) {
      repeated.push(await repeatOnce(bundle, file, theCase, loaded, implementation));
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
): Promise<Repeated> {
  const { simulatedWorld } = await import('../../../worlds/simulated/index.ts');
  const simulated = simulatedWorld();
  const world = bundle.world === 'simulated' && implementation === undefined ? simulated : await realWorldOf(bundle);
  const found: Repeated[] = [];
  const rest: Omit<Conduct, 'onCaseRun'> = {
    ...(await loadPeers(loaded)),
    protocol: loaded.protocol,
    corpus: loaded.corpus,
    world,
    simulated,
    planned: plannedAgain(bundle, theCase, loaded.protocol, implementation),
    implementation: implementation?.open,
    knownFailures: [],
    label: implementation?.manifest.label,
    seed: bundle.seed,
    strict: bundle.strict,
    concurrency: loaded.protocol.codecs.length,
    timeoutMs: undefined,
    confirm: false,
    isolate: false,
    version: packageVersion(),
    output: undefined,
    traces: 'none',
    reproduce: () => `npx weir replay ${shellWord(file)}`,
    now: () => performance.now(),
    startedAt: new Date().toISOString(),
    stopped: () => false,
  };
  await conduct({
    ...rest,
    onCaseRun: (run, completed) => {
      if (run.id !== bundle.run) return;
      // A long trace can be read only now.
      const frames = world.name === 'simulated' ? framesCompared(bundle, completed, loaded.protocol) : undefined;
      found.push({ run, frames });
    },
  });
  await world.close();
  const [result] = found;
  if (result === undefined) throw new Error(`${bundle.run} was not run`);
  return result;
}

/** The run of the bundle; where codecs were compared, those of the case's other codecs too. */
function plannedAgain(bundle: Bundle, theCase: LoadedCase, protocol: Protocol, implementation: Opened | undefined): PlannedRun[] {
  const original = plannedOfBundle(bundle, theCase);
  const info = implementation?.open.info;
  const underTest = info === undefined ? original[bundle.role] : { ...info, reference: false };
  const planned: PlannedRun = { ...original, [bundle.role]: underTest };
  if (!bundle.findings.some(({ judge }) => judge === 'codec')) return [planned];
  const codecs = (theCase.codecs ?? protocol.codecs).filter((codec) => info === undefined || info.codecs.includes(codec));
  return codecs.map((codec) =>
    codec === bundle.codec ? planned : { ...planned, codec, id: runId(theCase.id, bundle.role, codec, bundle.repeat) },
  );
}

async function realWorldOf({ timeScale }: Bundle): Promise<Conduct['world']> {
  const { realWorld } = await import('../../../worlds/real/index.ts');
  return realWorld({ timeScale });
}

function nameIn({ implementation }: Bundle): string | undefined {
  if (implementation === undefined) return undefined;
  const { named, label } = implementation;
  return label === undefined || named.endsWith(`@${label}`) ? named : `${named}@${label}`;
}

async function open(named: string, protocol: Protocol, asked: boolean): Promise<Opened> {
  try {
    return await openNamed(named, 1, protocol, true);
  } catch (error) {
    if (asked || !(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message}\nthe bundle names it so; say where it lives with --implementation`);
  }
}

function framesCompared({ observed }: Bundle, completed: Completed | undefined, protocol: Protocol): string {
  if (observed === undefined || completed?.performance === undefined) return 'there is no trace to compare';
  const { codec } = completed.assignment;
  const now = recordsOf(completed.performance.wholeTrace, protocol, codec);
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

function say(text: string): void {
  process.stdout.write(`${pc.dim('·')} ${plain(text)}\n`);
}
