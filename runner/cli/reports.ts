import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonReporter } from '../../reporters/json.ts';
import type { Reporter } from '../../reporters/reporter.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Masker } from '../masking/masker.ts';
import { isPublished } from '../masking/of-run.ts';
import { packageRoot } from '../package-root.ts';
import { glossaryOf } from '../results/glossary.ts';
import type { Glossary, Results } from '../results/result.ts';
import type { Loaded } from './load.ts';
import { REPORT_FILES, type ReportName } from './report-names.ts';

/** Folder of the built viewer, which pages hold a copy of. */
export const VIEWER = join(packageRoot(), 'dist/viewer');

/** What writes files into the output folder: `results.json`, and the reports that were asked for. */
export async function fileReporters(names: readonly ReportName[], output: string): Promise<Reporter[]> {
  return [jsonReporter(output), ...(await Promise.all([...new Set(names)].map((name) => reporterOf(name, output))))];
}

/** Loads what writes a report: a run needs few of them. */
async function reporterOf(name: ReportName, output: string): Promise<Reporter> {
  switch (name) {
    case 'html':
      return (await import('../../reporters/html/html.ts')).htmlReporter(output, VIEWER);
    case 'junit':
      return (await import('../../reporters/junit.ts')).junitReporter(output);
    case 'ctrf':
      return (await import('../../reporters/ctrf.ts')).ctrfReporter(output);
    case 'tap':
      return (await import('../../reporters/tap.ts')).tapReporter(output);
    case 'sarif':
      return (await import('../../reporters/sarif.ts')).sarifReporter(output);
    case 'markdown':
      return (await import('../../reporters/markdown.ts')).markdownReporter(output);
    case 'badge':
      return (await import('../../reporters/badge.ts')).badgeReporter(output);
    case 'github':
      return (await import('../../reporters/github.ts')).githubReporter(output);
  }
}

/** The words that the case-runs of a plan name by id; secrets in case files are masked, but for those of the corpus, which everybody has. */
export async function glossaryOfRun(
  { protocol, corpus }: Pick<Loaded, 'protocol' | 'corpus'>,
  planned: Iterable<{ readonly case: LoadedCase }>,
  masker: Masker,
): Promise<Glossary> {
  // It brings the reader that knows where things stand in a case, which a run without reports does not need.
  const { maskedCaseText } = await import('../masking/case-text.ts');
  return glossaryOf({
    title: protocol.title,
    requirements: corpus.requirements,
    variations: protocol.variations,
    cases: Array.from(planned, (each) => each.case),
    root: packageRoot(),
    read: (file) => {
      const text = textIfAny(file);
      if (text === undefined) return undefined;
      const told = isPublished({ file }) ? text : maskedCaseText(text, masker);
      return { text: told, masked: told !== text };
    },
  });
}

/** What a run says at its end of the files that it left. */
export function whereReportsLie(output: string, names: readonly ReportName[], { runs }: Pick<Results, 'runs'>): string {
  const files = [
    'results.json',
    ...[...new Set(names)]
      .filter((name) => name !== 'html')
      .flatMap((name) => REPORT_FILES[name])
      .filter((file) => existsSync(join(output, file))),
    ...(runs.some(({ trace }) => trace !== undefined) ? ['traces/'] : []),
    ...(runs.some(({ bundle }) => bundle !== undefined) ? ['bundles/'] : []),
  ];
  const page = names.includes('html') ? `report: ${join(output, ...REPORT_FILES.html)}\n` : '';
  return `reports in ${output}: ${files.join(', ')}\n${page}`;
}

function textIfAny(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
