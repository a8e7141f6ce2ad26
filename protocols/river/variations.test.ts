import { expect, it } from 'vitest';
import type { Lane, NormalisedTrace } from '../common/normalise.ts';
import { sameValue } from '../common/value.ts';
import { normalise } from './normalise.ts';
import { call, facts, TraceBuilder } from './testing/trace-builder.ts';
import { type Example, type Story, variationExamples } from './testing/variation-examples.ts';
import { riverVariations } from './variations.ts';

function rewritten(story: Story, { kind, from }: Example, rules = riverVariations): Lane[] {
  const trace = new TraceBuilder();
  story(trace);
  const normalised: NormalisedTrace = normalise(trace.events, [call('it', 't.p')], { ...facts, procedureKinds: { 't.p': kind } });
  const kindOf = (lane: string) => (lane === 'main/it' ? kind : undefined);
  const lanes = normalised.lanes.filter((lane) => lane.from === from);
  return lanes
    .map((lane) => rules.reduce((current, rule) => rule.canonical(current, { kindOf }), lane))
    .filter(({ items }) => items.length > 0);
}

const same = (a: readonly Lane[], b: readonly Lane[]) => {
  const compared = (lanes: readonly Lane[]) =>
    lanes.map(({ name, items }) => ({ name, items: items.map(({ kind, value }) => ({ kind, value })) }));
  return sameValue(compared(a), compared(b));
};

it.each(variationExamples.map((example) => [example.rule, example] as const))(
  '%s allows what it should, and all rules together no more',
  (_rule, example) => {
    expect(same(rewritten(example.one, example), rewritten(example.allowed, example))).toBe(true);
    expect(same(rewritten(example.one, example), rewritten(example.wrong, example))).toBe(false);
  },
);

it.each(riverVariations.map((rule) => [rule.name, rule] as const))('%s is what makes its example agree', (name) => {
  const others = riverVariations.filter((rule) => rule.name !== name);
  const needed = variationExamples.filter(
    (example) => example.rule === name && !same(rewritten(example.one, example, others), rewritten(example.allowed, example, others)),
  );
  expect(needed).not.toEqual([]);
});

it('each rule leaves what it has rewritten as it is', () => {
  for (const example of variationExamples) {
    for (const story of [example.one, example.allowed, example.wrong]) {
      for (const rule of riverVariations)
        expect(same(rewritten(story, example, [rule]), rewritten(story, example, [rule, rule]))).toBe(true);
    }
  }
});
