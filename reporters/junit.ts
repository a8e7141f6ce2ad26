import { create } from 'xmlbuilder2';
import { oneLine } from '../protocols/common/plain.ts';
import type { CaseRun, Results } from '../runner/results/result.ts';
import { fileReporter } from './file.ts';
import { areaOf, outcomeOf } from './outcome.ts';
import { readable } from './readable.ts';
import type { Reporter } from './reporter.ts';

/** Writes `junit.xml` into a folder: a suite for each area of the corpus, a test case for each case-run. */
export function junitReporter(folder: string): Reporter {
  return fileReporter(folder, 'junit.xml', junitXml);
}

/** The JUnit document. Known failures count as skipped, stale ones as failed. */
export function junitXml(results: Results): string {
  const seconds = (ms: number): string => (ms / 1000).toFixed(3);
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: `weir ${results.protocol}`,
    time: seconds(results.durationMs),
  });
  for (const [area, runs] of groupByArea(results.runs)) {
    const suite = root.ele('testsuite', {
      name: oneLine(area),
      tests: runs.length,
      failures: runs.filter((run) => outcomeOf(run).is === 'failure').length,
      errors: runs.filter((run) => outcomeOf(run).is === 'error').length,
      skipped: runs.filter((run) => isSkipped(run)).length,
      time: seconds(runs.reduce((sum, run) => sum + run.durationMs, 0)),
    });
    for (const run of runs) addCase(suite, readable(run), seconds(run.durationMs));
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

type Element = ReturnType<ReturnType<typeof create>['ele']>;

function addCase(suite: Element, run: CaseRun, time: string): void {
  const element = suite.ele('testcase', { name: run.id, classname: classOf(run), time });
  const findings = run.findings.map((finding) => `${finding.requirement ?? ''} ${indented(finding.message)}`).join('\n');
  const outcome = outcomeOf(run);
  switch (outcome.is) {
    case 'passed':
      if (run.findings.length > 0) element.ele('system-out').txt(`${run.verdict === 'question' ? 'question' : 'warning'}: ${findings}`);
      break;
    case 'known':
    case 'skipped':
      element.ele('skipped', { message: outcome.why });
      break;
    case 'failure':
    case 'error':
      element.ele(outcome.is, { message: oneLine(outcome.why) }).txt(`${run.title}\n${findings}\n${run.reproduce}`);
      break;
  }
}

function isSkipped(run: CaseRun): boolean {
  const { is } = outcomeOf(run);
  return is === 'skipped' || is === 'known';
}

/** JUnit's consumers take a class name apart at its dots. */
function classOf(run: CaseRun): string {
  return areaOf(run).replaceAll('/', '.');
}

function groupByArea(runs: readonly CaseRun[]): Map<string, CaseRun[]> {
  const areas = new Map<string, CaseRun[]>();
  for (const run of runs) areas.set(classOf(run), [...(areas.get(classOf(run)) ?? []), run]);
  return areas;
}

/** A text of several lines, the later ones of which cannot be taken for lines of ours. */
function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}
