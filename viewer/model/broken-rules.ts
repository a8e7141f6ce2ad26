import { isMust } from '../../runner/results/keeping.ts';
import { count, number } from './text.ts';

/** What a broken rule weighs, from the gravest on: it fails, it warns, or the specification and the official implementation differ about it. */
export const WEIGHTS = ['must', 'advice', 'question'] as const;
/** What a broken rule weighs. */
export type RuleWeight = (typeof WEIGHTS)[number];

/** The verdict whose shape and colour each has. */
export const WEIGHT_SHAPES = { must: 'fail', advice: 'warn', question: 'question' } as const;

/** What a finding says of its rule, as far as its weight goes. */
interface Weighty {
  readonly level: string;
  readonly harm?: unknown;
  readonly question?: unknown;
}

/** What a finding makes of its rule: one that hurts an application is a MUST, whatever the level. */
export function weightOf({ level, harm, question }: Weighty): RuleWeight {
  if (question !== undefined) return 'question';
  return harm !== undefined || isMust(level) ? 'must' : 'advice';
}

/** The gravest of what these findings make of a rule of that level; by the level alone where there is none. */
export function gravestOf(level: string, findings: readonly Weighty[]): RuleWeight {
  const weights = findings.map(weightOf);
  return WEIGHTS.find((weight) => weights.includes(weight)) ?? (isMust(level) ? 'must' : 'advice');
}

/** `1 MUST is broken by the client, and 2 rules that only advise (SHOULD, IMPL)`: no more alarming than it is. `by`: who broke the gravest. */
export function brokenWords(weights: readonly RuleWeight[], by?: string): string {
  const whom = by === undefined ? '' : ` by ${by}`;
  const of = (weight: RuleWeight): number => weights.filter((each) => each === weight).length;
  const [must, advice, question] = [of('must'), of('advice'), of('question')];
  const others = [
    ...(advice === 0 ? [] : [`${count(advice, 'rule that only advises', 'rules that only advise')} (SHOULD, IMPL)`]),
    ...(question === 0 ? [] : [count(question, 'disputed rule')]),
  ].join(' and ');
  if (must === 0) return `No MUST is broken${others === '' ? '' : `, but ${others}${whom}`}`;
  return `${number(must)} ${must === 1 ? 'MUST is' : 'MUSTs are'} broken${whom}${others === '' ? '' : `, and ${others}`}`;
}
