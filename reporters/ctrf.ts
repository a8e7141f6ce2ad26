import type { CTRFReport, Test, TestStatus } from 'ctrf';
import { jsonText } from '../protocols/common/plain.ts';
import type { CaseRun, Results } from '../runner/results/result.ts';
import { cut } from './cut.ts';
import { fileReporter } from './file.ts';
import { areaOf, type Outcome, outcomeOf } from './outcome.ts';
import { placeOf } from './place.ts';
import { readable } from './readable.ts';
import type { Reporter } from './reporter.ts';

/** Version of the Common Test Report Format that is written. */
const SPEC_VERSION = '0.0.0';

/** Longest text of a test, in characters, and most findings that are told of it; the rest stands in results.json. */
const LONGEST = 1000;
const MOST_FINDINGS = 10;

/** Writes `ctrf.json` into a folder: the Common Test Report Format, a test for each case-run. */
export function ctrfReporter(folder: string): Reporter {
  return fileReporter(folder, 'ctrf.json', (results) => `${jsonText(ctrfOf(results), 2)}\n`);
}

/** The report. A known failure is neither passed nor failed but `other`; an error counts as failed, as its `rawStatus` says. */
export function ctrfOf(results: Results): CTRFReport {
  const start = Date.parse(results.startedAt);
  const tests = results.runs.map((run) => testOf(readable(run), results));
  const count = (status: TestStatus): number => tests.filter((test) => test.status === status).length;
  return {
    reportFormat: 'CTRF',
    specVersion: SPEC_VERSION,
    timestamp: results.startedAt,
    generatedBy: `weir ${results.weir}`,
    results: {
      tool: { name: 'weir', version: results.weir },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed'),
        skipped: count('skipped'),
        pending: count('pending'),
        other: count('other'),
        suites: new Set(results.runs.map(areaOf)).size,
        start,
        stop: start + Math.ceil(results.durationMs),
        duration: Math.ceil(results.durationMs),
      },
      tests,
      extra: { protocol: results.protocol, world: results.world, seed: results.seed },
    },
  };
}

const STATUS: Readonly<Record<Outcome['is'], TestStatus>> = {
  passed: 'passed',
  known: 'other',
  skipped: 'skipped',
  failure: 'failed',
  error: 'failed',
};

function testOf(run: CaseRun, results: Results): Test {
  const outcome = outcomeOf(run);
  const [first, ...others] = run.requirements;
  const place = placeOf(run, run.findings[0], results);
  const findings = run.findings
    .slice(0, MOST_FINDINGS)
    .map(({ requirement = '', level, message, fingerprint }) => ({ requirement, level, message: cut(message, LONGEST), fingerprint }));
  return {
    testId: run.id,
    name: run.id,
    status: STATUS[outcome.is],
    rawStatus: run.verdict,
    duration: Math.round(run.durationMs),
    suite: [areaOf(run)],
    tags: [run.role, run.binding],
    ...(first === undefined ? {} : { labels: { requirements: [first, ...others] } }),
    ...(outcome.is === 'passed' ? {} : { message: cut(outcome.why, LONGEST) }),
    ...(place === undefined ? {} : { filePath: place.file, line: place.line }),
    ...(findings.length === 0 ? {} : { trace: cut(findings.map(({ message }) => message).join('\n'), LONGEST) }),
    extra: { title: run.title, reproduce: run.reproduce, expected: run.expected, findings },
  };
}
