import { jsonText } from '../../../../protocols/common/plain.ts';
import { isTraceFile } from '../../../bundles/format.ts';
import { isBundle, recordedIn } from '../../../bundles/recorded.ts';
import type { ResultsReport, TraceReport } from '../../../compare/grammar.ts';
import { compareResults } from '../../../compare/results.ts';
import { tellResults, tellTraces } from '../../../compare/tell.ts';
import { compareRecorded } from '../../../compare/traces.ts';
import { maskedRecords } from '../../../export/masked.ts';
import { readEvidence } from '../../evidence.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { loadServices } from '../../load.ts';
import type { SecretOptions } from '../../masked-output.ts';
import { resultsFileOf } from '../../page-sets.ts';
import { readResults } from '../../results-file.ts';

/** Options of `weir diff`. */
export interface DiffOptions extends SecretOptions {
  readonly json: boolean;
}

/** `weir diff`: two results or two traces. Gives the exit code: 0 where they are the same, 1 where they differ. */
export async function diffCommand(a: string, b: string, options: DiffOptions): Promise<number> {
  const [left, right] = [inputOf(a), inputOf(b)];
  if (left.kind !== right.kind) throw new UsageError(`${a} holds ${left.kind}, ${b} ${right.kind}: only two of one kind can be compared`);
  const report = left.kind === 'results' ? resultsReport(left.file, right.file) : await traceReport(left, right, options);
  const { lines, differ } = read(report);
  process.stdout.write(options.json ? `${jsonText(report, 2)}\n` : `${lines.join('\n')}\n`);
  return differ ? EXIT.findings : EXIT.ok;
}

interface Input {
  readonly kind: 'results' | 'a trace';
  readonly file: string;
  readonly text: string;
}

function inputOf(path: string): Input {
  const file = resultsFileOf(path);
  const text = readEvidence(file);
  return { kind: isTraceFile(text) || isBundle(text) ? 'a trace' : 'results', file, text };
}

function resultsReport(a: string, b: string): ResultsReport {
  const [left, right] = [readResults(a), readResults(b)];
  refuseOther(left.protocol, right.protocol);
  return compareResults({ file: a, results: left }, { file: b, results: right });
}

async function traceReport(a: Input, b: Input, { secrets }: DiffOptions): Promise<TraceReport> {
  const [left, right] = [recordedIn(a.file, a.text), recordedIn(b.file, b.text)];
  refuseOther(left.protocol, right.protocol);
  const { protocol } = await loadServices(left.protocol);
  const [mine, theirs] = [left, right].map((each) => ({ ...each, records: maskedRecords(each, protocol, secrets) }));
  if (mine === undefined || theirs === undefined) throw new Error('two were read');
  return compareRecorded(mine, theirs, protocol, secrets.masker);
}

function refuseOther(a: string, b: string): void {
  if (a !== b) throw new UsageError(`they are of two protocols, ${a} and ${b}: nothing in them can be compared`);
}

function read(report: ResultsReport | TraceReport): { readonly lines: readonly string[]; readonly differ: boolean } {
  if (report.of === 'results') return { lines: tellResults(report), differ: report.changes.length > 0 };
  const { differing, onlyInA, onlyInB } = report;
  return { lines: tellTraces(report), differ: differing.length + onlyInA.length + onlyInB.length > 0 };
}
