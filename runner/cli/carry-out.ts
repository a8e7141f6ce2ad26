import { oneLine } from '../../protocols/common/plain.ts';
import type { Results } from '../results/result.ts';
import { openAudience } from './audience.ts';
import { type Cast, endFactsOf, linesHeadOf, runStartOf } from './beginning.ts';
import { type Claim, claimOutput } from './claim.ts';
import { conducted } from './conducted.ts';
import { refuseContradictions } from './contradictions.ts';
import { type Interrupt, takeInterrupts } from './interrupt.ts';
import { judgedKey, type Known, leftForMerge, scopeOf } from './known.ts';
import { type Loaded, loadProtocol, setNamed, withProfile } from './load.ts';
import { findNamed, type Opened, openNamed } from './open.ts';
import { makeOutputFolder } from './output-folder.ts';
import { prepare } from './preparation.ts';
import { glossaryOfRun, whereReportsLie } from './reports.ts';
import type { RunOptions } from './run-options.ts';
import { terminalOutput } from './terminal.ts';
import { unknownTo } from './unknown.ts';

/** A run of the corpus that was carried out and reported, but not yet held against what is expected. */
export interface CarriedOut {
  readonly results: Results;
  /** What is known of the implementation under test, and whether the selection left anything of it out. */
  readonly known: Known;
  /** The exit code of the signal that ended it; undefined where it came to its end. */
  readonly interrupted: number | undefined;
  /** False where a report could not be written. */
  readonly complete: boolean;
}

/** Plans, runs, reports. */
export async function carryOutRun(patterns: readonly string[], options: RunOptions): Promise<CarriedOut> {
  const { implementation: name, against, processes } = options;
  refuseContradictions(options);
  const spoken = options.protocol ?? (name === undefined ? undefined : (await findNamed(name)).protocol);
  const loaded = withProfile(await loadProtocol(spoken, patterns), options.profile);
  const interrupt = takeInterrupts(process, (text) => process.stderr.write(text));
  const opened: Opened[] = [];
  const open = async (each: string | undefined): Promise<Opened | undefined> => {
    if (each === undefined) return undefined;
    const implementation = await openNamed(each, processes, loaded.protocol, options.secrets, options.allowExpired);
    opened.push(implementation);
    return implementation;
  };
  try {
    const cast = { implementation: await open(name), against: await open(against) };
    return await runLoaded(loaded, patterns, options, cast, interrupt);
  } finally {
    for (const implementation of opened) await implementation.open.close();
    interrupt.forget();
  }
}

async function runLoaded(
  loaded: Loaded,
  patterns: readonly string[],
  options: RunOptions,
  cast: Cast,
  interrupt: Interrupt,
): Promise<CarriedOut> {
  // A name that can be none is told before the work and not after it.
  const output = options.output === false ? undefined : options.output;
  if (output === undefined) return runClaimed(loaded, patterns, options, cast, interrupt, undefined);
  makeOutputFolder(output);
  const claim = claimOutput(output, process);
  try {
    return await runClaimed(loaded, patterns, options, cast, interrupt, claim);
  } finally {
    claim.release();
  }
}

async function runClaimed(
  loaded: Loaded,
  patterns: readonly string[],
  given: RunOptions,
  cast: Cast,
  interrupt: Interrupt,
  claim: Claim | undefined,
): Promise<CarriedOut> {
  const { implementation, against } = cast;
  const options = { ...given, seed: given.seed ?? Math.floor(Math.random() * 0x7fff_ffff) };
  const set = setNamed(loaded, options.set);
  const prepared = await prepare(loaded, patterns, options, endFactsOf(implementation, loaded), endFactsOf(against, loaded));
  const output = options.output === false ? undefined : options.output;
  const terminal = terminalOutput(process.stdout, process.env);
  const audience = await openAudience(options, output, terminal);
  for (const text of implementation === undefined ? [] : unknownTo(loaded, implementation))
    process.stderr.write(`note: ${oneLine(text)}\n`);
  const startedAt = new Date().toISOString();
  claim?.clear();
  const beginning = { loaded, options, cast, prepared, set, startedAt };
  audience.start(runStartOf(beginning), linesHeadOf(beginning));
  interrupt.begin(() => {
    implementation?.open.bequeath();
    against?.open.bequeath();
  });
  const ran = await conducted({ ...beginning, output, audience, stopped: interrupt.stopped });
  interrupt.settled();
  const { planned, leftOut, greenBefore, world } = prepared;
  const { shard } = options;
  const known = knownOf(
    against === undefined ? implementation : undefined,
    patterns,
    options,
    ran.runs.length === planned.length,
    leftOut.map(judgedKey),
  );
  const results: Results = {
    ...ran,
    ...(shard === undefined ? {} : { shard }),
    ...(shard === undefined || known.entries.length === 0 ? {} : { known: leftForMerge(known) }),
    ...(greenBefore === undefined ? {} : { greenBefore: [...greenBefore] }),
    ...(output === undefined ? {} : { glossary: await glossaryOfRun(loaded, planned, options.secrets.masker) }),
  };
  const unwritten = await audience.finish(results);
  for (const text of unwritten) process.stderr.write(`a report could not be written: ${text}\n`);
  if (output !== undefined) terminal.write(whereReportsLie(output, options.report, results));
  await world.close();
  return {
    results,
    known: { ...known, whole: known.whole && shard === undefined },
    interrupted: interrupt.stopped() ? interrupt.exitCode() : undefined,
    complete: unwritten.length === 0,
  };
}

function knownOf(
  implementation: Opened | undefined,
  patterns: readonly string[],
  options: RunOptions,
  reached: boolean,
  leftOut: Known['leftOut'],
): Known {
  const entries = implementation?.knownFailures ?? [];
  const scope = scopeOf(patterns, options, implementation?.open.info, reached);
  return { entries, label: implementation?.manifest.label, strict: options.strict, leftOut, ...scope };
}
