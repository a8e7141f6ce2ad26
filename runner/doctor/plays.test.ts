import { expect, test } from 'vitest';
import type { CaseRun } from '../results/result.ts';
import { ofHandlers } from './plays.ts';

const FIRST = { what: 'what its handlers see', case: 'toy/log' };

const ran = (verdict: CaseRun['verdict'], ...messages: readonly string[]): CaseRun[] => [
  {
    verdict,
    findings: messages.map((message) => ({ message })),
    case: FIRST.case,
    reproduce: 'npx weir run toy/log',
  } as unknown as CaseRun,
];

test('an adapter whose handlers were never heard of is broken, whatever else failed', () => {
  const unheard = 'the handler of log did not see started within 4000 ms; it saw: nothing';
  expect(ofHandlers(FIRST, ran('fail', 'first this', unheard))).toMatchObject({ is: 'broken', got: unheard, heading: 'A server' });
});

test('one whose handlers were heard of, or that failed otherwise, is not', () => {
  expect(ofHandlers(FIRST, ran('pass'))).toMatchObject({ is: 'holds' });
  expect(ofHandlers(FIRST, ran('fail', 'the handler of log did not see finished within 4000 ms; it saw: started'))).toMatchObject({
    is: 'left-out',
  });
  expect(ofHandlers(FIRST, ran('unclear'))).toMatchObject({ is: 'left-out' });
});
