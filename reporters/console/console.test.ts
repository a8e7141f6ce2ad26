import { describe, expect, test } from 'vitest';
import { plain } from '../../protocols/common/plain.ts';
import type { CaseRun, Rate } from '../../runner/results/result.ts';
import type { TextOutput } from '../reporter.ts';
import { aCaseRun, aFailure, someResults } from '../testing/results.ts';
import { causesOf } from './causes.ts';
import { consoleReporter } from './console.ts';

function report(
  runs: CaseRun[],
  {
    interactive = false,
    verbose = false,
    summary = {},
    rates,
  }: {
    readonly interactive?: boolean;
    readonly verbose?: boolean;
    readonly summary?: Record<string, number>;
    readonly rates?: readonly Rate[];
  } = {},
): string {
  let text = '';
  const output: TextOutput = { write: (more) => (text += more), interactive, colours: false, columns: 120 };
  const reporter = consoleReporter(output, { verbose, stories: 5 });
  reporter.start?.({
    protocol: 'River',
    world: 'real',
    seed: 1,
    timeScale: 0.2,
    total: runs.length,
    skipped: 0,
    implementation: 'mine 1.0',
  });
  for (const run of runs) reporter.caseRun?.(run);
  void reporter.finish({ ...someResults(runs, summary), ...(rates === undefined ? {} : { rates: [...rates] }) });
  return text;
}

describe('how far a run is', () => {
  function progress(at: readonly number[], interactive: boolean): string {
    let text = '';
    let now = 0;
    const output: TextOutput = { write: (more) => (text += more), interactive, colours: false, columns: 120 };
    const reporter = consoleReporter(output, { verbose: false, stories: 5, now: () => now });
    reporter.start?.({ protocol: 'River', world: 'real', seed: 1, timeScale: 0.2, total: 100, skipped: 7, implementation: 'mine 1.0' });
    reporter.caseRun?.(aCaseRun({ verdict: 'skip' }));
    for (const time of at) {
      now = time;
      reporter.caseRun?.(aCaseRun());
    }
    return text;
  }

  test('is told every half minute, with an estimate; skips are no case-runs', () => {
    expect(progress([10_000, 29_000, 31_000, 40_000, 62_000], false).split('\n').slice(0, -1)).toEqual([
      'River: 100 case-runs of mine 1.0 (7 skipped), real world, seed 1',
      '3/100, about 17 min left',
      '5/100, about 20 min left',
    ]);
  });

  test('is shown on the last line of a terminal', () => {
    const many = Array.from({ length: 50 }, (_, i) => (i + 1) * 400);
    expect(progress(many, true).split('\r').at(-1)).toContain('50/100, about 20 s left · no failure so far');
  });

  test('on a terminal it counts failures, names what has been going on for long, and fits its line', () => {
    let text = '';
    let now = 0;
    let act = (): void => {};
    let stopped = 0;
    const output: TextOutput = { write: (more) => (text += more), interactive: true, colours: false, columns: 70 };
    const every = (_ms: number, what: () => void) => {
      act = what;
      return () => {
        stopped += 1;
      };
    };
    const reporter = consoleReporter(output, { verbose: false, stories: 5, now: () => now, every });
    const last = (): string => text.slice(text.lastIndexOf('\r') + '\r\u001b[2K'.length);
    reporter.start?.({ protocol: 'River', world: 'real', seed: 1, timeScale: 0.2, total: 3, skipped: 0, implementation: undefined });
    reporter.begin?.('river/reconnect/a-case-that-takes-its-time@client+json');
    reporter.begin?.('river/rpc/add@client+json');
    now = 900;
    act();
    expect(last()).toBe('0/3 · no failure so far');
    reporter.caseRun?.(aFailure({ id: 'river/rpc/add@client+json' }));
    now = 8200;
    act();
    expect(last()).toContain('1/3, about 16 s left · 1 failure so far · 8 s on river/reconnect/');
    expect(last().length).toBeLessThan(70);
    reporter.caseRun?.(aCaseRun({ id: 'river/reconnect/a-case-that-takes-its-time@client+json' }));
    act();
    expect(last()).not.toContain(' s on ');
    void reporter.finish(someResults([aCaseRun()]));
    expect(stopped).toBe(1);
  });
});

describe('the console', () => {
  test('tells a failure with rule, step, frames side by side, trace and command', () => {
    expect(report([aFailure()], { summary: { fail: 1 } })).toMatchInlineSnapshot(`
      "River: 1 case-runs of mine 1.0, real world, seed 1
      fail  river/rpc/add@client+json 12 ms

      FAIL river/rpc/add@client+json
        An rpc is answered with exactly one result
        TEST-01 MUST (RPC)
          The caller receives the payload.

        ✗ sum read nothing
        at step 2: receive: { from: sum }  (cases/river/rpc/add.yaml:7:5)

          observed                                                │ golden (reference pair)
              5 C→S open                                          │     5 C→S open
        ✗     9 S→C data \\u001b[2Jwiped                           │ 
        ≠                                                         │     8 S→C data 4

        trace    traces/river-rpc-add@client+json.jsonl
        again    npx weir run 'river/rpc/add' --role client --binding json

      0 passed, 1 failed; 1 failure, 1 cause — 1 case-runs in 1.00 s (1/s)
      "
    `);
  });

  test('says nothing of what went as expected, unless asked', () => {
    expect(report([aCaseRun()], { summary: { pass: 1 } })).not.toContain('river/rpc/add@');
    expect(report([aCaseRun()], { summary: { pass: 1 }, verbose: true })).toContain('pass  river/rpc/add@client+json');
  });

  test('tells one story a cause, and names the others', () => {
    const runs = [aFailure(), aFailure({ id: 'river/rpc/b@client+json' }), aFailure({ id: 'river/rpc/c@client+json' }, 'other/cause')];
    const text = report(runs, { summary: { fail: 3 } });
    expect(text.match(/^FAIL /gm)).toHaveLength(2);
    expect(text).toContain('and 1 more with the same cause: river/rpc/b@client+json');
    expect(text).toContain('3 failed; 3 failures, 2 causes');
  });

  test('says which repeated case-runs changed their verdict, and how often', () => {
    const rates = [
      { id: 'river/rpc/b@client+json', times: 4, counts: { pass: 3, fail: 1 } },
      { id: 'river/rpc/a@client+json', times: 4, counts: { pass: 4 } },
    ] as const;
    const text = report([], { rates });
    expect(text).toContain(
      '2 case-runs repeated, 1 of them with changing verdicts\n  river/rpc/b@client+json: pass 3 of 4 (75 %), fail 1 of 4 (25 %)\n',
    );
    expect(text).not.toContain('river/rpc/a');
  });

  test('tells both sides of a question, and how to decide it', () => {
    const asked = { spec: 'close', official: 'answer and close', demanded: 'spec' } as const;
    const failure = aFailure();
    const story =
      failure.story?.requirement === undefined
        ? undefined
        : { ...failure.story, requirement: { ...failure.story.requirement, disputed: asked } };
    const text = report([{ ...failure, verdict: 'question', expected: 'as-expected', ...(story === undefined ? {} : { story }) }], {
      summary: { question: 1 },
    });
    expect(text).toMatch(/^QUESTION river/m);
    expect(text).toContain('disputed. The specification: close');
    expect(text).toContain('The official implementation: answer and close');
    expect(text).toContain('--profile spec or --profile official');
    expect(text).toContain('0 passed, 1 question; 1 question, 1 cause');
  });

  test('a known failure is no news, a stale one is', () => {
    const known = aFailure({ expected: 'known-failure', knownReason: 'bug 7' });
    expect(report([known], { summary: { fail: 1, known: 1 } })).not.toContain('FAIL');
    const stale = aCaseRun({ expected: 'stale-known-failure', knownReason: 'bug 7' });
    expect(report([stale], { summary: { pass: 1, stale: 1 } })).toContain(
      'It passes, but known-failures lists it: bug 7. Remove the entry.',
    );
  });

  test('redraws its progress only on a terminal', () => {
    expect(report([aCaseRun()], { interactive: true })).toContain('\r\u001b[2K1/1 · no failure so far');
    expect(report([aCaseRun()])).not.toContain('\r');
  });
});

test('warnings are counted apart and told after the failures', () => {
  const warning = (id: string) => aFailure({ id, verdict: 'warn' }, 'w');
  const text = report([warning('a'), warning('b'), aFailure()], { summary: { fail: 1, warn: 2 } });
  expect(text).toContain('; 1 failure, 1 cause; 2 warnings, 1 cause');
  expect(text.indexOf('FAIL river')).toBeLessThan(text.indexOf('WARN a'));
});

test('causes are grouped by fingerprint, the largest first', () => {
  const runs = [aFailure({}, 'a'), aFailure({}, 'b'), aFailure({}, 'b')];
  expect(causesOf(runs).map(({ fingerprint, runs: same }) => [fingerprint, same.length])).toEqual([
    ['b', 2],
    ['a', 1],
  ]);
});

test('a cause that is not told in full is told in words, in one line', () => {
  const causes = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => aFailure({ id: `river/${name}` }, `expectation/TEST-01/${name}/timeout`));
  const last = causes.at(-1);
  const long = last?.findings.map((finding) => ({ ...finding, message: `${finding.message}\n${'x'.repeat(500)}` })) ?? [];
  const text = report([...causes.slice(0, -1), aFailure({ ...last, findings: long })]);
  const line = text.split('\n').find((each) => each.startsWith('· '));
  expect(line).toMatch(/^· TEST-01: sum read nothing.*x…: river\/f$/);
  expect(line?.length).toBeLessThan(220);
});

test('text from a peer cannot redraw the terminal', () => {
  expect(plain('a\u001b[2Jb\u0007\u202ec\nd')).toBe('a\\u001b[2Jb\\u0007\\u202ec\nd');
});

test('a failure that a second run did not show says so, and what was printed', () => {
  const text = report([aFailure({ apart: 'pass', confirmed: false, stderr: 'Task was destroyed but it is pending!' })]);
  expect(text).toMatch(
    /Only sometimes: this failed while other[\s\S]*its\s+verdict was pass[\s\S]*--repeat 20[\s\S]*last words on stderr:\s+Task was destroyed/,
  );
  expect(report([aFailure()])).not.toContain('Only sometimes');
});
