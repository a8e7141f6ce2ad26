import { join, relative } from 'node:path';
import pc from 'picocolors';
import { plain } from '../../protocols/common/plain.ts';
import type { MakeReferenceClient, MakeReferenceServer } from '../../protocols/common/protocol.ts';
import { renderFailure } from '../../reporters/console/failure.ts';
import { readable } from '../../reporters/readable.ts';
import type { Bundle } from '../bundles/format.ts';
import type { Law } from '../bundles/law.ts';
import { unmaskedBy } from '../bundles/unmask.ts';
import type { Completed } from '../execute/case-run.ts';
import { type Golden, goldenSource } from '../execute/golden.ts';
import { referenceEnds } from '../execute/reference-ends.ts';
import { FileError, LONGEST_LEFT, LONGEST_WRITTEN, readText } from '../files/read.ts';
import type { Masker } from '../masking/masker.ts';
import { packageRoot } from '../package-root.ts';
import type { PlannedRun } from '../plan/plan.ts';
import { completedRun } from '../results/assemble.ts';
import type { CaseRun } from '../results/result.ts';
import type { Loaded } from './load.ts';
import { terminalOutput } from './terminal.ts';

/** Reads a file that a run left. Throws a `FileError` where it cannot be read. */
export function readEvidence(file: string): string {
  return readText(file, LONGEST_LEFT);
}

/** What to know of a bundle that is older than this Weir or its corpus; empty where nothing has changed. */
export function changesSince(bundle: Bundle, version: string, law: Law): string[] {
  const { weir, case: of } = bundle;
  const changes: string[] = [];
  if (weir !== version) changes.push(`the bundle was made by Weir ${weir}, this is ${version}`);
  const today = caseTextIfAny(of.file);
  if (today === undefined) changes.push(`the corpus has no ${of.file}; the case is taken from the bundle`);
  else if (today !== of.text && unmaskedBy(today, bundle, law) === undefined)
    changes.push(`${of.file} has changed since; the case is taken from the bundle`);
  return changes;
}

/** The text of a case file of the corpus; undefined for a path that is none of its. A bundle may be somebody else's, and names what it likes. */
function caseTextIfAny(file: string): string | undefined {
  const corpus = join(packageRoot(), 'cases');
  const path = join(packageRoot(), file);
  if (relative(corpus, path).startsWith('..')) return undefined;
  try {
    return readText(path, LONGEST_WRITTEN);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** The reference peers of a protocol. */
export interface Peers {
  readonly makeClient: MakeReferenceClient;
  readonly makeServer: MakeReferenceServer;
}

/** Loads the reference peers of a protocol. */
export async function loadPeers({ entry, corpus }: Loaded): Promise<Peers> {
  return { makeClient: await entry.makeClient(), makeServer: await entry.makeServer(corpus.services) };
}

/** Today's golden trace of a run. */
export async function goldenOf({ case: loaded, role, binding }: PlannedRun, { protocol, corpus }: Loaded, peers: Peers): Promise<Golden> {
  const { simulatedWorld } = await import('../worlds/simulated/index.ts');
  const ends = referenceEnds(peers.makeClient, peers.makeServer);
  const { procedureKinds } = corpus;
  return goldenSource(simulatedWorld(), ends).of({
    protocol,
    case: loaded,
    role,
    binding,
    seed: 0,
    procedureKinds,
    timeoutMs: undefined,
    ...ends,
  });
}

/** How something that was judged without a plan is told. */
export interface Telling {
  readonly loaded: Loaded;
  readonly timeScale: number;
  readonly strict: boolean;
  readonly masker: Masker;
  /** The command that repeats it. */
  readonly again: string;
}

/** The published form of a judged run: as in a results file, nothing being known of it. */
export function publishedRun(planned: PlannedRun, completed: Completed, { loaded, timeScale, strict, masker, again }: Telling): CaseRun {
  const { protocol, corpus } = loaded;
  const { requirements } = corpus;
  const assembly = { protocol, requirements, listed: () => [], strict, timeScale, masker, reproduce: () => again };
  return completedRun(planned, completed, assembly, { stderr: completed.stderr });
}

/** Tells the story of a run that did not pass, and one line of a run that did. */
export function tell(told: CaseRun): void {
  const run = readable(told);
  const output = terminalOutput(process.stdout, process.env);
  const colours = pc.createColors(output.colours);
  if (run.verdict === 'pass') output.write(`${colours.green('pass')}  ${plain(run.id)}\n`);
  else output.write(`${renderFailure(run, run.findings[0], colours, output.columns, '')}`);
}

/** What has become of a recorded verdict. */
export function compared(before: Pick<CaseRun, 'verdict' | 'findings'>, now: Pick<CaseRun, 'verdict' | 'findings'>): string {
  const was = before.findings[0]?.fingerprint ?? before.verdict;
  const is = now.findings[0]?.fingerprint ?? now.verdict;
  if (now.verdict === 'pass') return `recorded as ${before.verdict} (${was}), passes now`;
  return was === is ? `same fingerprint as recorded: ${is}` : `another fingerprint: recorded ${was}, now ${is}`;
}
