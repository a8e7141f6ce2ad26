import { stringify } from 'yaml';
import { oneLine, plain } from '../protocols/common/plain.ts';
import type { CaseRun, Results } from '../runner/results/result.ts';
import { cut } from './cut.ts';
import { fileReporter } from './file.ts';
import { outcomeOf } from './outcome.ts';
import { placeOf } from './place.ts';
import { readable } from './readable.ts';
import type { Reporter } from './reporter.ts';

/** Longest text of a test point, in characters, and most findings that are told of it; the rest stands in results.json. */
const LONGEST = 1000;
const MOST_FINDINGS = 10;

/** Writes `results.tap` into a folder: the Test Anything Protocol, version 14, a test point for each case-run. */
export function tapReporter(folder: string): Reporter {
  return fileReporter(folder, 'results.tap', tapOf);
}

/** The document. A known failure is `not ok` and `TODO`, which breaks nothing; a stale one is `not ok`. */
export function tapOf(results: Results): string {
  const { runs } = results;
  return `TAP version 14\n1..${runs.length}\n${runs.map((run, i) => point(readable(run), i + 1, results)).join('')}`;
}

function point(run: CaseRun, number: number, results: Results): string {
  const outcome = outcomeOf(run);
  const head = (ok: string, directive = ''): string => `${ok} ${number} - ${described(run.id)}${directive}\n`;
  switch (outcome.is) {
    case 'passed':
      return head('ok') + (run.findings.length === 0 ? '' : diagnosis(run, results));
    case 'skipped':
      return head('ok', ` # SKIP ${reason(outcome.why)}`);
    case 'known':
      return head('not ok', ` # TODO ${reason(outcome.why)}`) + diagnosis(run, results);
    case 'failure':
    case 'error':
      return head('not ok') + diagnosis(run, results, outcome.why);
  }
}

function diagnosis(run: CaseRun, results: Results, why?: string): string {
  const place = placeOf(run, run.findings[0], results);
  const told = {
    verdict: run.verdict,
    title: run.title,
    ...(why === undefined ? {} : { message: cut(why, LONGEST) }),
    findings: run.findings.slice(0, MOST_FINDINGS).map(({ requirement, level, message, fingerprint }) => ({
      ...(requirement === undefined ? {} : { requirement }),
      level,
      message: cut(message, LONGEST),
      fingerprint,
    })),
    ...(place === undefined ? {} : { at: `${place.file}:${place.line}:${place.column}` }),
    reproduce: run.reproduce,
  };
  // In double quotes a text stays on its line, and nothing in it begins or ends the block.
  const yaml = stringify(told, {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
    doubleQuotedMinMultiLineLength: LONGEST * 10,
  });
  return `  ---\n${plain(yaml)
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}\n`)
    .join('')}  ...\n`;
}

/** A description in which nothing is a directive. */
function described(text: string): string {
  return oneLine(text).replaceAll(/[\\#]/g, '\\$&');
}

function reason(text: string): string {
  return described(cut(text, LONGEST));
}
