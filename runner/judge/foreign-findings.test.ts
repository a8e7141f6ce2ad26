import { expect, test } from 'vitest';
import { protocolEntry } from '../registry.ts';
import { foreignFindings } from './invariant-judge.ts';

test('what an implementation at the other end broke is told by its name, once for each rule, and is none of the first one’s failures', async () => {
  const protocol = await protocolEntry('river').protocol();
  const violation = { requirement: 'R-1', blame: 'server' as const, message: 'it said nothing', events: [] };
  const again = { ...violation, message: 'nor later' };
  const foreign = [violation, again].map((each) => ({ invariant: 'river/x', violation: each }));
  const findings = foreignFindings('other', foreign, [], protocol, () => undefined);
  expect(findings).toMatchObject([
    {
      judge: 'invariant',
      checkpoint: 'invariant:river/x',
      requirement: 'R-1',
      message: 'the other end, other as server, broke it: it said nothing',
      fingerprint: 'invariant/R-1/river-x/violation-of-the-server',
    },
  ]);
});
