import { expect, test } from 'vitest';
import type { MakeReferenceClient } from '../../protocols/common/protocol.ts';
import { newsOf } from './campaign.ts';
import { hunt } from './hunt.ts';
import { type Bugs, field } from './testing/field.ts';

type Listen = Parameters<MakeReferenceClient>[2];

/** Tells errors with another code, and values twice: two bugs, of which the one does not hide the other. */
const twoBugs: Bugs = {
  client: (make) => (environment, dial, events) => {
    const message: Listen['message'] = ({ call, result }) => {
      if (!result.ok) return events.message({ call, result: { ok: false, error: { ...result.error, code: 'OTHER' } } });
      events.message({ call, result });
      events.message({ call, result });
    };
    return make(environment, dial, { ...events, message });
  },
};

test('each cause is told once, and what fails for nothing else is counted', async () => {
  const { plan } = await field();
  const it = plan(7, 50, twoBugs);
  const told: string[] = [];
  const outcome = await hunt(it, (failure, { known }) => {
    told.push(newsOf(failure.completed, { ...it, known })?.fingerprint ?? '');
    return Promise.resolve([]);
  });
  expect(outcome.runs).toBe(50);
  expect(outcome.told).toBe(told.length);
  expect(told.length).toBeGreaterThan(1);
  expect(new Set(told).size).toBe(told.length);
  expect(told).toContain('expectation/RIVER-RECON-05/receive/code');
  expect([...outcome.again.keys()].every((fingerprint) => told.includes(fingerprint))).toBe(true);
  expect(outcome.again.size).toBeGreaterThan(0);
  expect(outcome.known.size).toBe(0);
});

test('what the case that shows a failure fails for beside it is told with it', async () => {
  const { plan } = await field();
  const it = plan(7, 50, twoBugs);
  const alone: string[] = [];
  await hunt(it, ({ completed }, { known }) => {
    alone.push(newsOf(completed, { ...it, known })?.fingerprint ?? '');
    return Promise.resolve([]);
  });
  const together: string[] = [];
  await hunt(it, ({ completed }, { known }) => {
    together.push(newsOf(completed, { ...it, known })?.fingerprint ?? '');
    // As if the case that shows the first showed the next, too.
    const shown = completed.judged.findings.map((each) => ({ ...each, fingerprint: alone[1] ?? '' }));
    return Promise.resolve([{ ...completed, judged: { ...completed.judged, findings: shown } }]);
  });
  expect(together[0]).toBe(alone[0]);
  expect(together).not.toContain(alone[1]);
});

test('what does not come again is neither told nor known from then on', async () => {
  const { plan } = await field();
  const tried: string[] = [];
  const outcome = await hunt(plan(7, 20, twoBugs), ({ completed }) => {
    tried.push(completed.judged.findings[0]?.fingerprint ?? '');
    return Promise.resolve(undefined);
  });
  expect([outcome.told, outcome.again.size]).toEqual([0, 0]);
  expect(new Set(tried).size).toBeLessThan(tried.length);
});

test('what is listed is counted apart', async () => {
  const { plan } = await field();
  const it = { ...plan(7, 60, twoBugs), known: (fingerprint: string) => fingerprint.endsWith('/code') };
  const outcome = await hunt(it, () => Promise.resolve([]));
  expect([...outcome.known.keys()]).toEqual(['expectation/RIVER-RECON-05/receive/code']);
  expect([...outcome.again.keys()].some((fingerprint) => fingerprint.endsWith('/code'))).toBe(false);
});
