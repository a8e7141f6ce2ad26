import { describe, expect, test } from 'vitest';
import { junitXml } from './junit.ts';
import { aCaseRun, aFailure, someResults } from './testing/results.ts';

describe('junit.xml', () => {
  test('counts each outcome once, in suites by area', async () => {
    const xml = junitXml(
      someResults([
        aCaseRun(),
        aFailure({ id: 'river/rpc/b@client+json' }),
        aFailure({ id: 'river/rpc/c@client+json', expected: 'known-failure', knownReason: 'bug 7' }),
        aCaseRun({ id: 'river/rpc/d@client+json', verdict: 'skip', skipReason: 'no such feature' }),
        aFailure({ id: 'river/rpc/e@client+json', verdict: 'error' }),
        aFailure({ id: 'river/rpc/g@client+json', expected: 'not-confirmed' }),
        aCaseRun({ id: 'river/stream/f@client+json', case: 'river/stream/f', expected: 'stale-known-failure', knownReason: 'bug 8' }),
      ]),
    );
    expect(xml).toContain('<testsuite name="river.rpc" tests="6" failures="1" errors="1" skipped="3"');
    expect(xml).toContain('<testsuite name="river.stream" tests="1" failures="1" errors="0" skipped="0"');
    expect(xml).toContain('<skipped message="known failure: bug 7"/>');
    expect(xml).toContain('<skipped message="no such feature"/>');
    expect(xml).toContain('<skipped message="not confirmed, the run ended before: fail: sum read nothing"/>');
    expect(xml).toContain('message="known failure now passes: bug 8"');
  });

  test('hostile text stays text', async () => {
    const hostile = '<script>"&]]>\u0000\ud800';
    const xml = junitXml(someResults([aFailure({ title: hostile, findings: [{ ...firstFinding(), message: hostile }] })]));
    expect(xml).not.toContain('<script>');
    expect(xml).toContain('&lt;script&gt;');
    expect(xml).toContain('\\u0');
    expect(xml).not.toContain('\u0000');
  });
});

function firstFinding() {
  const [finding] = aFailure().findings;
  if (finding === undefined) throw new Error('the failure of the tests has a finding');
  return finding;
}
