import type { Location, Log, ReportingDescriptor, Result } from 'sarif';
import { jsonText } from '../protocols/common/plain.ts';
import { named } from '../runner/results/named.ts';
import type { CaseRun, Finding, Results } from '../runner/results/result.ts';
import { isNews } from './console/news.ts';
import { cut } from './cut.ts';
import { fileReporter } from './file.ts';
import { placeOf } from './place.ts';
import { readable } from './readable.ts';
import type { Reporter } from './reporter.ts';

/** Longest text of a result, in characters. */
const LONGEST = 1000;
/** Most results of a case-run. */
const MOST_OF_A_RUN = 5;
/** Most results of a log: what code scanning shows of one. */
const MOST_RESULTS = 5000;
/** What case files are relative to: the folder of Weir. */
const ROOT = 'WEIR';

/** Writes `results.sarif` into a folder: SARIF 2.1.0, a result for each finding, a rule for each requirement it names. */
export function sarifReporter(folder: string): Reporter {
  return fileReporter(folder, 'results.sarif', (results) => `${jsonText(sarifOf(results), 2)}\n`);
}

/** One finding and the case-run that has it. */
interface Found {
  readonly run: CaseRun;
  readonly finding: Finding;
}

/** The log. Known failures are suppressed results, with the reason that is listed. */
export function sarifOf(results: Results): Log {
  const told = results.runs
    .filter((run) => run.findings.length > 0 && (isNews(run) || run.expected === 'known-failure') && run.expected !== 'not-confirmed')
    .map(readable);
  // News before what is known: where there are too many, that is what is left out.
  const ordered = [...told.filter(isNews), ...told.filter((run) => !isNews(run))];
  const found = ordered.flatMap((run) => run.findings.slice(0, MOST_OF_A_RUN).map((finding): Found => ({ run, finding })));
  const kept = found.slice(0, MOST_RESULTS);
  const rules = [...new Set(kept.map(ruleIdOf))].sort();
  const left = found.length - kept.length;
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Weir', version: results.weir, rules: rules.map((id) => descriptor(id, kept, results)) } },
        originalUriBaseIds: { [ROOT]: { description: { text: 'The folder of Weir, in which the cases are.' } } },
        automationDetails: { id: cut(`weir/${results.protocol}/${results.implementation?.name ?? 'reference pair'}/`, LONGEST) },
        invocations: [
          {
            executionSuccessful: true,
            startTimeUtc: results.startedAt,
            ...(left === 0
              ? {}
              : {
                  toolExecutionNotifications: [
                    { level: 'warning' as const, message: { text: `${left} more results are left out; results.json has them` } },
                  ],
                }),
          },
        ],
        results: kept.map((each) => resultOf(each, rules, results)),
      },
    ],
  };
}

/** The requirement, or who found it where it is none's. */
function ruleIdOf({ finding }: Found): string {
  return finding.requirement ?? `weir/${finding.judge}`;
}

function descriptor(id: string, found: readonly Found[], { glossary }: Results): ReportingDescriptor {
  const told = found.find((each) => ruleIdOf(each) === id);
  const story = told?.run.story?.requirement;
  const rule = named(glossary?.requirements, id) ?? (story?.id === id ? story : undefined);
  if (rule === undefined) return { id };
  const text = cut(rule.text, LONGEST);
  return {
    id,
    shortDescription: { text: `${rule.level}: ${text}` },
    fullDescription: { text },
    help: { text: `${text}\n\nSource: ${rule.source}\nAll of it: npx weir explain ${id}` },
    properties: { level: rule.level, source: rule.source },
  };
}

function resultOf({ run, finding }: Found, rules: readonly string[], results: Results): Result {
  const ruleId = ruleIdOf({ run, finding });
  const { expected, knownReason = '' } = run;
  return {
    ruleId,
    ruleIndex: rules.indexOf(ruleId),
    level: levelOf(run, finding),
    kind: run.verdict === 'question' ? 'review' : 'fail',
    message: { text: cut(`${finding.message}\n${run.title} (${run.id})\nAgain: ${run.reproduce}`, 3 * LONGEST) },
    locations: [locationOf(run, finding, results)],
    partialFingerprints: { 'weir/v1': cut(`${run.id} ${finding.fingerprint}`, LONGEST) },
    ...(expected === 'known-failure'
      ? { suppressions: [{ kind: 'external' as const, justification: cut(knownReason, LONGEST) || 'known failure' }] }
      : {}),
    properties: { verdict: run.verdict, judge: finding.judge, checkpoint: finding.checkpoint, reproduce: run.reproduce },
  };
}

function levelOf({ verdict }: CaseRun, { question, level }: Finding): Result['level'] {
  // What is no failure has no level but this one.
  if (verdict === 'question' || question !== undefined) return 'none';
  if (verdict === 'error') return 'error';
  return level === 'MUST' || level === 'MUST-NOT' ? 'error' : 'warning';
}

/** Where the case says what was expected: the step that failed, or the head of the file. */
function locationOf(run: CaseRun, finding: Finding, results: Results): Location {
  const logicalLocations = [{ fullyQualifiedName: run.case, kind: 'case' }];
  const place = placeOf(run, finding, results);
  if (place === undefined) return { logicalLocations };
  const region = { startLine: place.line, startColumn: place.column };
  return { physicalLocation: { artifactLocation: artifactOf(place.file), region }, logicalLocations };
}

/** A path as a URI: below Weir's folder, or wherever it is. */
function artifactOf(file: string): { uri: string; uriBaseId?: string } {
  const uri = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return uri.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: ROOT };
}
