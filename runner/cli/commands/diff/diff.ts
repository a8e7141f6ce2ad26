import { dirname, resolve } from 'node:path';
import { jsonText, oneLine } from '../../../../protocols/common/plain.ts';
import { evidenceOnDisk, readAssets } from '../../../../reporters/html/html.ts';
import { labelOf, pageOf } from '../../../../reporters/html/page.ts';
import { traceDiffPage } from '../../../../reporters/html/trace-diff.ts';
import { isTraceFile } from '../../../bundles/format.ts';
import { isBundle, type Recorded, recordedIn } from '../../../bundles/recorded.ts';
import type { ResultsReport, TraceReport } from '../../../compare/grammar.ts';
import { compareResults } from '../../../compare/results.ts';
import { tellResults, tellTraces } from '../../../compare/tell.ts';
import { compareRecorded } from '../../../compare/traces.ts';
import { maskedRecords } from '../../../export/masked.ts';
import { writeWholeLater } from '../../../files/write.ts';
import { openInBrowser } from '../../browser.ts';
import { readEvidence } from '../../evidence.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { loadServices } from '../../load.ts';
import type { SecretOptions } from '../../masked-output.ts';
import { makeOutputFolder } from '../../output-folder.ts';
import { resultsFileOf } from '../../page-sets.ts';
import { VIEWER } from '../../reports.ts';
import { readResults } from '../../results-file.ts';

/** Options of `weir diff`. */
export interface DiffOptions extends SecretOptions {
  readonly json: boolean;
  /** Where a page is written. */
  readonly html?: string;
  readonly open: boolean;
}

/** `weir diff`: two results or two traces. Gives the exit code: 0 where they are the same, 1 where they differ. */
export async function diffCommand(a: string, b: string, options: DiffOptions): Promise<number> {
  const [left, right] = [inputOf(a), inputOf(b)];
  if (left.kind !== right.kind) throw new UsageError(`${a} holds ${left.kind}, ${b} ${right.kind}: only two of one kind can be compared`);
  const { report, page } = left.kind === 'results' ? ofResults(left.file, right.file) : await ofTraces(left, right, options);
  const { lines, differ } = read(report);
  process.stdout.write(options.json ? `${jsonText(report, 2)}\n` : `${lines.join('\n')}\n`);
  const { html = options.open ? PAGE : undefined } = options;
  if (html !== undefined) await writePage(html, await page(), options);
  return differ ? EXIT.findings : EXIT.ok;
}

/** Name of the page where it is only to be opened. */
const PAGE = 'weir-diff.html';

async function writePage(file: string, parts: Iterable<string>, { open, json }: DiffOptions): Promise<void> {
  makeOutputFolder(dirname(resolve(file)));
  await writeWholeLater(file, parts);
  // What programs read is the report alone.
  (json ? process.stderr : process.stdout).write(`page: ${oneLine(file)}\n`);
  if (open) openInBrowser(resolve(file));
}

/** A comparison, and how its page is made. */
interface Compared<R> {
  readonly report: R;
  readonly page: () => Promise<Iterable<string>>;
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

function ofResults(a: string, b: string): Compared<ResultsReport> {
  const [left, right] = [readResults(a), readResults(b)];
  refuseOther(left.protocol, right.protocol);
  const report = compareResults({ file: a, results: left }, { file: b, results: right });
  const sets = [
    { results: left, folder: dirname(a), label: `a: ${labelOf(left)}` },
    { results: right, folder: dirname(b), label: `b: ${labelOf(right)}` },
  ];
  return { report, page: async () => pageOf(sets, { assets: await readAssets(VIEWER), files: evidenceOnDisk, changes: report }) };
}

async function ofTraces(a: Input, b: Input, { secrets }: DiffOptions): Promise<Compared<TraceReport>> {
  const [left, right] = [recordedIn(a.file, a.text), recordedIn(b.file, b.text)];
  refuseOther(left.protocol, right.protocol);
  const { protocol } = await loadServices(left.protocol);
  const [mine, theirs] = [left, right].map((each) => ({ ...each, records: maskedRecords(each, protocol, secrets) }));
  if (mine === undefined || theirs === undefined) throw new Error('two were read');
  const { report, alignment } = compareRecorded(mine, theirs, protocol, secrets.masker);
  const diff = { title: protocol.title, report, alignment, a: sideOf(mine), b: sideOf(theirs) };
  return { report, page: async () => traceDiffPage(diff, await readAssets(VIEWER)) };
}

function sideOf({ records, timeScale, closing }: Recorded): Pick<Recorded, 'records' | 'timeScale' | 'closing'> {
  return { records, timeScale, closing };
}

function refuseOther(a: string, b: string): void {
  if (a !== b) throw new UsageError(`they are of two protocols, ${a} and ${b}: nothing in them can be compared`);
}

function read(report: ResultsReport | TraceReport): { readonly lines: readonly string[]; readonly differ: boolean } {
  if (report.of === 'results') return { lines: tellResults(report), differ: report.changes.length > 0 };
  const { differing, onlyInA, onlyInB } = report;
  return { lines: tellTraces(report), differ: differing.length + onlyInA.length + onlyInB.length > 0 };
}
