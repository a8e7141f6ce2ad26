import { expect, it } from 'vitest';
import { enlarge } from './enlarge.ts';

it('multiplies how often, how many and how long, but not a single one', () => {
  const text = 'repeat: { times: 200 }\ntotal: 7\nconnections: 1\nvalue: { $repeat: { text: x, times: 10 } }\n$length: 10\nn: 5';
  expect(enlarge(text, 3)).toBe(
    'repeat: { times: 600 }\ntotal: 21\nconnections: 1\nvalue: { $repeat: { text: x, times: 30 } }\n$length: 30\nn: 5',
  );
});
