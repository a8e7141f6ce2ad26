import { statSync } from 'node:fs';
import { evidenceOnDisk, readAssets } from '../../../../reporters/html/html.ts';
import { pageOf, type SetOfResults } from '../../../../reporters/html/page.ts';
import { type Bundle, isTraceFile } from '../../../bundles/format.ts';
import { isBundle } from '../../../bundles/recorded.ts';
import { packageVersion } from '../../../package-root.ts';
import { totalsOf } from '../../../results/assemble.ts';
import type { CaseRun } from '../../../results/result.ts';
import { openInBrowser } from '../../browser.ts';
import { readEvidence } from '../../evidence.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { awaitEnding } from '../../interrupt.ts';
import { setsOf } from '../../page-sets.ts';
import { type RejudgedFile, type Rejudging, rejudgeBundle, rejudgeTrace } from '../../rejudge.ts';
import { glossaryOfRun, VIEWER } from '../../reports.ts';
import { servePage } from './serve-page.ts';

/** Options of `weir view`. */
export interface ViewOptions extends Rejudging {
  readonly port?: number;
  readonly open: boolean;
}

/** Most that the traces of a served page may take: it is not handed on, so it may be larger than a report. */
const BOUND = 256 * 1024 * 1024;

/** `weir view`: serves the viewer over files that a run left until Ctrl-C. Gives the exit code. */
export async function viewCommand(files: readonly string[], options: ViewOptions): Promise<number> {
  const { sets, hash } = await shownOf(files, options);
  const html = [...(await pageOf(sets, { assets: await readAssets(VIEWER), files: evidenceOnDisk, bound: BOUND }))];
  const served = await servePage(html, options.port ?? 0);
  const url = `${served.url}${hash}`;
  // Who reads that it is up may end it at once.
  const ending = awaitEnding(process);
  process.stdout.write(`${url}\nCtrl-C ends it\n`);
  if (options.open) openInBrowser(url);
  await ending.over;
  await served.close();
  return EXIT.ok;
}

/** What the page shows, and the part of the address behind the # that it opens with. */
async function shownOf(
  files: readonly string[],
  options: ViewOptions,
): Promise<{ readonly sets: readonly SetOfResults[]; readonly hash: string }> {
  const [file, ...others] = files;
  if (file === undefined) throw new UsageError('there is nothing to look at');
  const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
  const text = isFolder ? '' : readEvidence(file);
  const kind = isFolder ? 'results' : kindOf(text);
  if (!isFolder && kind === 'results' && /^\s*[^\s{]/.test(text)) {
    const page = /^\s*<!doctype html/i.test(text) ? '; a page opens in a browser by itself' : '';
    throw new UsageError(`${file} is no trace, no bundle and no results.json, which is what view shows${page}`);
  }
  if (kind === 'results') return { sets: setsOf(files), hash: '' };
  if (others.length > 0) throw new UsageError(`${file} is a ${kind}: one of them is looked at, or several results`);
  const set = await setOfEvidence(file, text, kind, options);
  // Of traffic of strangers each end is judged for itself: the one that broke something is looked at first.
  const { runs } = set.results;
  const opened = runs.find(({ findings }) => findings.length > 0) ?? runs[0];
  const hash = `#run=${encodeURIComponent(opened?.id ?? '').replaceAll(/%(?:2F|40|2B)/g, decodeURIComponent)}`;
  return { sets: [set], hash };
}

function kindOf(text: string): 'trace' | 'bundle' | 'results' {
  if (isTraceFile(text)) return 'trace';
  return isBundle(text) ? 'bundle' : 'results';
}

/** A trace or bundle as results: one case-run, or one for each end of a trace of strangers; judged by today's rules. */
async function setOfEvidence(file: string, text: string, kind: 'trace' | 'bundle', options: ViewOptions): Promise<SetOfResults> {
  const judged: readonly (RejudgedFile & { readonly bundle?: Bundle })[] =
    kind === 'trace' ? await rejudgeTrace(file, text, options) : [await rejudgeBundle(file, text, options)];
  const [first] = judged;
  if (first === undefined) throw new UsageError(`${file}: there is nothing in it to look at`);
  const { loaded, timeScale, notes, bundle } = first;
  const glossary = await glossaryOfRun(loaded, first.case === undefined ? [] : [{ case: first.case }], options.secrets.masker);
  const examined = judged.filter(({ run }) => run.checkpoints.length > 0);
  const shown = (examined.length > 0 ? examined : judged).map(
    ({ run }): CaseRun => ({ ...run, ...(kind === 'trace' ? { trace: file } : { bundle: file }) }),
  );
  const [one = first.run] = shown;
  const underTest = one[one.role];
  // A bundle brings its case, which may have changed since.
  const files = bundle === undefined || first.case === undefined ? glossary.files : { [first.case.file]: bundle.case.text };
  const hasMasks = bundle?.masked !== undefined && !Object.values(glossary.files).includes(bundle.case.text);
  const cases = bundle === undefined || first.case === undefined ? glossary.cases : casesOf(first.case);
  return {
    folder: '',
    ...(underTest.version === '' ? { label: file } : {}),
    results: {
      schema: 'weir-results/1',
      weir: packageVersion(),
      protocol: loaded.protocol.name,
      startedAt: statSync(file).mtime.toISOString(),
      durationMs: one.durationMs,
      world: bundle?.world ?? 'real',
      seed: bundle?.seed ?? 0,
      timeScale,
      implementation: underTest,
      ...totalsOf(shown, undefined),
      ...(notes.length === 0 ? {} : { warnings: [...notes] }),
      glossary: { ...glossary, files, cases, ...(hasMasks ? { masked: Object.keys(files) } : {}) },
      runs: shown,
    },
  };
}

function casesOf({
  id,
  file,
  steps,
}: {
  readonly id: string;
  readonly file: string;
  readonly steps: readonly { readonly line: number; readonly column: number }[];
}) {
  return { [id]: { file, steps: steps.map(({ line, column }) => ({ line, column })) } };
}
