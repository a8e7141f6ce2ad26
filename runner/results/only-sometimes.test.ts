import { expect, test } from 'vitest';
import { onlySometimes } from './only-sometimes.ts';

test('a failure that a second run did not show says what happened, why it stands, and what to try', () => {
  const words = onlySometimes('pass');
  expect(words).toMatch(/^Only sometimes: .* its verdict was pass\. The failure stands/);
  expect(words).toMatch(/--repeat 20 .*--isolate/);
});
