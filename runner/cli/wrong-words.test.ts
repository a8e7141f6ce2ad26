import { expect, test } from 'vitest';
import { commandLine } from './testing/command-line.ts';

const { weir } = commandLine('wrong-words');

test.each([
  ['explain KEEPALIVE', /^unknown requirement `KEEPALIVE`; did you mean `RSOCKET-KEEPALIVE-01`/],
  ['explain river-hs-0', /did you mean `RIVER-HS-01`/],
  ['call river', /missing required argument 'url'\nusage: weir call \[options\] <protocol> <url> <procedure>/],
  ['baseline write', /usage: weir baseline write \[options\]/],
])('weir %s says what would do', async (words, told) => {
  const { stderr, exitCode } = await weir(...words.split(' '));
  expect(stderr).toMatch(told);
  expect(exitCode).toBe(2);
});
