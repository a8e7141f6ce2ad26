import { expect, test } from 'vitest';
import { newLife, readLife, tellLife } from './life.ts';

test('of a thread that has said nothing, nothing is known', () => {
  expect(readLife(newLife())).toEqual({ begun: 0, run: 'none', case: 'none', long: false });
});

test('what a thread says last is where it is, in memory that another sees', () => {
  const life = newLife();
  const first = { case: 'a/long-name', run: 'a/long-name@client+json', long: true };
  tellLife(life, first);
  expect(readLife(life)).toEqual({ begun: 1, ...first });
  const second = { case: 'a/ü', run: 'a/ü@server', long: false };
  tellLife(life, second);
  expect(readLife(life)).toEqual({ begun: 2, ...second });
});

test('ids that are longer than there is room are cut', () => {
  const life = newLife();
  tellLife(life, { case: 'a', run: 'x'.repeat(10_000), long: false });
  const { begun, run } = readLife(life);
  expect(begun).toBe(1);
  expect('x'.repeat(10_000)).toContain(run);
});
