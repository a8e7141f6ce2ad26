import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { validate as validateCtrf } from 'ctrf';
import type { Result } from 'sarif';
import { Parser, type Result as TestPoint } from 'tap-parser';
import { describe, expect, test } from 'vitest';
import { acting } from '../protocols/common/testing/acting.ts';
import type { CaseRun, Results } from '../runner/results/result.ts';
import { ctrfOf } from './ctrf.ts';
import { annotationsOf } from './github.ts';
import { markdownOf } from './markdown.ts';
import { sarifOf } from './sarif.ts';
import { tapOf } from './tap.ts';
import { aCaseRun, aFailure, someResults } from './testing/results.ts';

/** The schema of SARIF 2.1.0 as OASIS published it; the package of Microsoft's matcher for Jest carries it. */
const {
  $schema: _draft4,
  id: _id,
  ...SARIF_SCHEMA
} = JSON.parse(
  readFileSync(
    createRequire(import.meta.url)
      .resolve('@microsoft/jest-sarif')
      .replace(/lib.index\.js$/, 'lib/schemas/sarif-2.1.0-rtm.5.json'),
    'utf8',
  ),
) as Record<string, unknown>;
// It says nothing that draft 7 reads otherwise than draft 4.
const validateSarif = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(SARIF_SCHEMA);

/** One case-run of each standing, whose texts others wrote. */
function everyKind(text = ''): CaseRun[] {
  const failure = aFailure();
  const findings = failure.findings.map((finding) => ({ ...finding, message: `sum read nothing${text}` }));
  const story = failure.story === undefined ? {} : { story: { ...failure.story, step: `receive: ${text}` } };
  const bad = (id: string, changes: Partial<CaseRun> = {}): CaseRun => ({
    ...failure,
    id,
    findings,
    ...story,
    title: `An rpc${text}`,
    reproduce: `npx weir run '${text}'`,
    ...changes,
  });
  return [
    aCaseRun({ id: 'river/rpc/passes@client+json', title: `An rpc${text}` }),
    bad('river/rpc/fails@client+json'),
    bad('river/rpc/known@client+json', { expected: 'known-failure', knownReason: `bug 7${text}` }),
    aCaseRun({ id: 'river/rpc/stale@client+json', expected: 'stale-known-failure', knownReason: `bug 8${text}` }),
    bad('river/rpc/warns@client+json', {
      verdict: 'warn',
      findings: findings.map((finding) => ({ ...finding, level: 'SHOULD' as const })),
    }),
    bad('river/rpc/asks@client+json', { verdict: 'question', expected: 'as-expected' }),
    bad('river/rpc/breaks@client+json', { verdict: 'error', findings: findings.map(({ requirement: _, ...finding }) => finding) }),
    aCaseRun({ id: 'river/rpc/skips@client+json', verdict: 'skip', skipReason: `no feature${text}` }),
    aCaseRun({ id: 'river/rpc/slow@client+json', verdict: 'unclear', tooSlow: `late${text}` }),
    bad('river/rpc/beyond@client+json', { expected: 'beyond-set' }),
    bad('river/rpc/open@client+json', { expected: 'not-confirmed' }),
  ];
}

function tapPoints(text: string): readonly TestPoint[] {
  const problems: unknown[] = [];
  const points: TestPoint[] = [];
  const parser = new Parser({ strict: true }, ({ plan, count, bailout }) => {
    if (plan.end !== count || bailout !== false) problems.push({ plan, count, bailout });
  });
  parser.on('assert', (point: TestPoint) => points.push(point));
  parser.on('extra', (extra: string) => problems.push(extra));
  parser.on('child', () => problems.push('a child'));
  parser.end(text);
  expect(problems).toEqual([]);
  return points;
}

const shortOf = (id: string): string => id.replace(/^river\/rpc\/(\w+)@.*$/, '$1');

describe('CTRF', () => {
  const statuses = (results: Results): Record<string, string> =>
    Object.fromEntries(ctrfOf(results).results.tests.map(({ name, status }) => [shortOf(name), status]));

  test('says of each case-run what it counts as', () => {
    expect(statuses(someResults(everyKind()))).toEqual({
      passes: 'passed',
      fails: 'failed',
      known: 'other',
      stale: 'failed',
      warns: 'passed',
      asks: 'passed',
      breaks: 'failed',
      skips: 'skipped',
      slow: 'skipped',
      beyond: 'skipped',
      open: 'skipped',
    });
  });

  test('fits the published schema, and its totals are those of its tests', () => {
    const report = ctrfOf(someResults(everyKind()));
    expect(validateCtrf(JSON.parse(JSON.stringify(report)))).toMatchObject({ valid: true });
    expect(report.results.summary).toMatchObject({ tests: 11, passed: 3, failed: 3, skipped: 4, pending: 0, other: 1 });
  });

  test('the schema that it is held against refuses what is none', () => {
    expect(validateCtrf({ ...ctrfOf(someResults(everyKind())), reportFormat: 'other' })).toMatchObject({ valid: false });
  });
});

describe('TAP', () => {
  test('breaks on what breaks a build and on nothing else', () => {
    const points = tapPoints(tapOf(someResults(everyKind())));
    const broken = points.filter(({ ok, todo, skip }) => !ok && todo === false && skip === false);
    expect(broken.map(({ name }) => shortOf(name))).toEqual(['fails', 'stale', 'breaks']);
    expect(points.filter(({ todo }) => todo !== false).map(({ name, todo }) => [shortOf(name), todo])).toEqual([
      ['known', 'known failure: bug 7'],
    ]);
    expect(points.filter(({ skip }) => skip !== false).map(({ name }) => shortOf(name))).toEqual(['skips', 'slow', 'beyond', 'open']);
  });

  test('a point that fails says rule, place and command', () => {
    const [failure] = tapPoints(tapOf(someResults([aFailure()])));
    expect(failure?.diag).toMatchObject({
      verdict: 'fail',
      message: 'sum read nothing',
      findings: [{ requirement: 'TEST-01', level: 'MUST' }],
      at: 'cases/river/rpc/add.yaml:7:5',
      reproduce: "npx weir run 'river/rpc/add' --role client --binding json",
    });
  });

  test('a # of an id is no directive', () => {
    const [second] = tapPoints(tapOf(someResults([aFailure({ id: 'river/rpc/add@client+json#2' })])));
    expect(second).toMatchObject({ ok: false, todo: false, skip: false });
  });
});

describe('SARIF', () => {
  const resultsOf = (runs: CaseRun[], more: Partial<Results> = {}): Result[] =>
    sarifOf({ ...someResults(runs), ...more }).runs[0]?.results ?? [];

  test('fits the published schema', () => {
    const log: unknown = JSON.parse(JSON.stringify(sarifOf(someResults(everyKind()))));
    validateSarif(log);
    expect(validateSarif.errors ?? []).toEqual([]);
    validateSarif({ ...(log as object), version: '1' });
    expect(validateSarif.errors).toMatchObject([{ instancePath: '/version' }]);
  });

  test('a result points at the step of the case file and at the requirement', () => {
    const [run] = sarifOf(someResults([aFailure()])).runs;
    expect(run?.results).toMatchObject([
      {
        ruleId: 'TEST-01',
        ruleIndex: 0,
        level: 'error',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'cases/river/rpc/add.yaml', uriBaseId: 'WEIR' },
              region: { startLine: 7, startColumn: 5 },
            },
            logicalLocations: [{ fullyQualifiedName: 'river/rpc/add' }],
          },
        ],
      },
    ]);
    expect(run?.tool.driver.rules).toMatchObject([{ id: 'TEST-01', fullDescription: { text: 'The caller receives the payload.' } }]);
  });

  test('news are results by their level, known failures are suppressed, all else is none', () => {
    const told = resultsOf(everyKind()).map(({ partialFingerprints, level, suppressions }) => [
      shortOf(partialFingerprints?.['weir/v1']?.split(' ')[0] ?? ''),
      level,
      suppressions?.[0]?.justification,
    ]);
    expect(told).toEqual([
      ['fails', 'error', undefined],
      ['warns', 'warning', undefined],
      ['asks', 'none', undefined],
      ['breaks', 'error', undefined],
      ['known', 'error', 'bug 7'],
    ]);
  });

  test('what is too much is left out, known failures first, and that is said', () => {
    const many = Array.from({ length: 5001 }, (_, i) =>
      aFailure({ id: `river/rpc/a${i}@client+json`, expected: i === 0 ? 'known-failure' : 'new-failure' }),
    );
    const [run] = sarifOf(someResults(many)).runs;
    expect(run?.results).toHaveLength(5000);
    expect(run?.results?.some(({ suppressions }) => suppressions !== undefined)).toBe(false);
    expect(run?.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toBe('1 more results are left out; results.json has them');
  });
});

describe('annotations of GitHub', () => {
  /** As the runner of GitHub reads a command. */
  const read = (text: string): { name: string; properties: Record<string, string>; message: string }[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [, name = '', written = '', message = ''] = /^::(\w+) ([^:]*)::(.*)$/.exec(line) ?? [];
        const properties = Object.fromEntries(written.split(',').map((each) => each.split('=', 2).map(unescaped) as [string, string]));
        return { name, properties, message: unescaped(message) };
      });
  const unescaped = (text: string): string =>
    text.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%');

  test('each cause is one, with place, rule and command', () => {
    expect(read(annotationsOf(someResults([aFailure(), aFailure({ id: 'river/rpc/b@client+json' })])))).toEqual([
      {
        name: 'error',
        properties: { file: 'cases/river/rpc/add.yaml', line: '7', col: '5', title: 'TEST-01: An rpc is answered with exactly one result' },
        message:
          "MUST: The caller receives the payload.\nsum read nothing\n2 case-runs, the first of them river/rpc/add@client+json\nAgain: npx weir run 'river/rpc/add' --role client --binding json",
      },
    ]);
  });

  test('known failures, skips and what passed are none; warnings and questions are what they are', () => {
    expect(read(annotationsOf(someResults(everyKind()))).map(({ name }) => name)).toEqual(['error', 'error', 'warning', 'notice']);
  });

  test('there are no more of a kind than are shown, and the last one says what is left out', () => {
    const many = Array.from({ length: 30 }, (_, i) => aFailure({}, `cause ${i}`));
    const told = read(annotationsOf(someResults(many)));
    expect(told).toHaveLength(10);
    expect(told.at(-1)?.message).toMatch(/^21 more causes/);
  });
});

describe('the summary in Markdown', () => {
  test('tells each cause with its rule, its frames and the command', () => {
    const text = markdownOf(someResults([aFailure()], { fail: 1 }));
    expect(text).toContain('**1 new failure, 1 cause**');
    expect(text).toContain('**TEST\\-01** MUST: The caller receives the payload. (RPC)');
    expect(text).toContain('```text\nsum read nothing\n```');
    expect(text).toContain("```sh\nnpx weir run 'river/rpc/add' --role client --binding json\n```");
    expect(text).toContain('✕ 9 server data \\u001b[2Jwiped');
  });

  test('what is known or was skipped is said with its reason, so that green is not taken for more', () => {
    const text = markdownOf(someResults(everyKind().filter(({ expected, verdict }) => expected === 'known-failure' || verdict === 'skip')));
    expect(text).toContain('**Nothing new.** 0 case-runs passed.');
    expect(text).toContain('- 1 × known failure: bug 7');
    expect(text).toContain('- 1 × skipped: no feature');
  });

  test('it stays below what is shown of a step', () => {
    const long = (i: number): CaseRun => {
      const failure = aFailure({}, `cause ${i}`);
      return { ...failure, reproduce: 'x'.repeat(40_000) };
    };
    const text = markdownOf(someResults(Array.from({ length: 200 }, (_, i) => long(i))));
    expect(text.length).toBeLessThan(600 * 1024);
    expect(text).toMatch(/\d+ more causes: see the report\.\n$/);
  });
});

const HOSTILE: readonly (readonly [what: string, text: string])[] = [
  ...acting,
  ['is a workflow command', 'x\n::error::forged\n  ::add-mask::forged'],
  ['ends a block', '```\n# forged\n~~~\n<b>'],
  ['ends a document', '\n---\n...\nnot ok 99 - forged\n1..99\n# TODO x'],
];

describe.each(HOSTILE)('a text that %s', (_what, text) => {
  const results = someResults(everyKind(text));

  test('changes neither form nor number of anything', () => {
    expect(validateCtrf(JSON.parse(JSON.stringify(ctrfOf(results))))).toMatchObject({ valid: true });
    expect(ctrfOf(results).results.summary).toEqual(ctrfOf(someResults(everyKind())).results.summary);
    validateSarif(JSON.parse(JSON.stringify(sarifOf(results))));
    expect(validateSarif.errors ?? []).toEqual([]);
    const shape = (all: Results): unknown =>
      tapPoints(tapOf(all)).map(({ ok, id, name, todo, skip }) => [ok, id, name, todo === false, skip === false]);
    expect(shape(results)).toEqual(shape(someResults(everyKind())));
    const commands = (all: Results): string[] =>
      annotationsOf(all)
        .split('\n')
        .map((line) => line.split(' ')[0] ?? '');
    expect(commands(results)).toEqual(commands(someResults(everyKind())));
    const headings = (all: Results): string[] =>
      outsideOfBlocks(markdownOf(all))
        .filter((line) => /^(#|<|- |\||1\.)/.test(line))
        .map((line) => line.slice(0, 8));
    expect(headings(results)).toEqual(headings(someResults(everyKind())));
  });

  test('is shown where it does not act', () => {
    for (const shown of [tapOf(results), annotationsOf(results), markdownOf(results)])
      expect(shown).not.toMatch(/[^\P{C}\u{e000}-\u{f8ff}\n]|[\u2028\u2029]/u);
  });
});

/** The lines of a Markdown text that stand in no block of code. */
function outsideOfBlocks(text: string): string[] {
  let fence: string | undefined;
  return text.split('\n').filter((line) => {
    const ticks = /^(`{3,})/.exec(line)?.[1];
    if (fence === undefined && ticks !== undefined) {
      fence = ticks;
      return false;
    }
    if (fence !== undefined) {
      if (ticks !== undefined && ticks.length >= fence.length && line.trim() === ticks) fence = undefined;
      return false;
    }
    return true;
  });
}
