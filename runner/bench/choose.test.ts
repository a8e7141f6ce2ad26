import { expect, it } from 'vitest';
import { choose } from './choose.ts';
import type { Section } from './section.ts';

const section = (name: string, perProtocol: boolean): Section => ({
  name,
  title: name,
  perProtocol,
  measure: () => Promise.reject(new Error('not asked for')),
});
const all = [section('corpus', true), section('package', false), section('proxy', true)];
const chosen = (...only: string[]) => {
  const { sections, protocols } = choose(only, all, ['a', 'b']);
  return [sections.map(({ name }) => name), protocols];
};

it.each([
  [[], ['corpus', 'package', 'proxy'], ['a', 'b']],
  [['proxy'], ['proxy'], ['a', 'b']],
  [['b'], ['corpus', 'proxy'], ['b']],
  [['b', 'package', 'corpus'], ['corpus', 'package'], ['b']],
])('%j chooses these', (only, sections, protocols) => {
  expect(chosen(...only)).toEqual([sections, protocols]);
});

it('refuses what is neither a section nor a protocol, and says what there is', () => {
  expect(() => chosen('corpus', 'c')).toThrow('--only takes corpus, package, proxy, a, b, not "c"');
});
