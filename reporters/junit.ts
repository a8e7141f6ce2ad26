import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create } from 'xmlbuilder2';
import { oneLine } from '../protocols/common/plain.ts';
import type { CaseRun, Results } from '../runner/results/result.ts';
import { readable } from './readable.ts';
import type { Reporter } from './reporter.ts';

/** Writes `junit.xml` into a folder: a suite for each area of the corpus, a test case for each case-run. */
export function junitReporter(folder: string): Reporter {
  return {
    async finish(results: Results) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'junit.xml'), junitXml(results));
    },
  };
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
      failures: runs.filter((run) => outcomeOf(run) === 'failure').length,
      errors: runs.filter((run) => outcomeOf(run) === 'error').length,
      skipped: runs.filter((run) => outcomeOf(run) === 'skipped').length,
      time: seconds(runs.reduce((sum, run) => sum + run.durationMs, 0)),
    });
    for (const run of runs) addCase(suite, readable(run), seconds(run.durationMs));
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

type Element = ReturnType<ReturnType<typeof create>['ele']>;

function addCase(suite: Element, run: CaseRun, time: string): void {
  const element = suite.ele('testcase', { name: run.id, classname: areaOf(run), time });
  const findings = run.findings.map((finding) => `${finding.requirement ?? ''} ${indented(finding.message)}`).join('\n');
  switch (outcomeOf(run)) {
    case 'passed':
      if (run.findings.length > 0) element.ele('system-out').txt(`${run.verdict === 'question' ? 'question' : 'warning'}: ${findings}`);
      break;
    case 'skipped':
      element.ele('skipped', {
        message: reasonOf(run),
      });
      break;
    case 'failure':
    case 'error': {
      const message =
        run.expected === 'stale-known-failure'
          ? `known failure now passes: ${run.knownReason ?? ''}`
          : (run.findings[0]?.message ?? run.verdict);
      element.ele(outcomeOf(run), { message: oneLine(message) }).txt(`${run.title}\n${findings}\n${run.reproduce}`);
      break;
    }
  }
}

/** Why a case-run counts as skipped. */
function reasonOf({ expected, skipReason, knownReason, verdict, findings, tooSlow }: CaseRun): string {
  if (expected === 'beyond-set') return 'not in the set';
  if (expected === 'not-confirmed') return `not confirmed, the run ended before: ${verdict}: ${findings[0]?.message ?? ''}`;
  if (tooSlow !== undefined) return `unclear: ${tooSlow}`;
  return skipReason ?? `known failure: ${knownReason ?? ''}`;
}

function outcomeOf(run: CaseRun): 'passed' | 'skipped' | 'failure' | 'error' {
  if (run.expected === 'stale-known-failure') return 'failure';
  if (run.expected === 'known-failure' || run.expected === 'beyond-set' || run.expected === 'not-confirmed') return 'skipped';
  if (run.verdict === 'skip' || run.verdict === 'unclear') return 'skipped';
  if (run.verdict === 'error') return 'error';
  return run.verdict === 'fail' ? 'failure' : 'passed';
}

function areaOf(run: CaseRun): string {
  return run.case.split('/').slice(0, 2).join('.');
}

function groupByArea(runs: readonly CaseRun[]): Map<string, CaseRun[]> {
  const areas = new Map<string, CaseRun[]>();
  for (const run of runs) areas.set(areaOf(run), [...(areas.get(areaOf(run)) ?? []), run]);
  return areas;
}

/** A text of several lines, the later ones of which cannot be taken for lines of ours. */
function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}
