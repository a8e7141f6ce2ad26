import { plain } from '../../../protocols/common/plain.ts';
import type { Matrix, MatrixRow } from '../../../runner/results/matrix.ts';
import { named } from '../../../runner/results/named.ts';
import { WEIGHT_SHAPES } from '../../model/broken-rules.ts';
import type { BrokenRule } from '../../model/row-rules.ts';
import { SHAPES } from '../../model/verdict.ts';
import { matrixLink } from './address.ts';
import { BrokenRuns } from './broken-runs.tsx';

/** A rule that a row breaks, in words, and the case-runs that show it. `set`: the place of the row's evidence, where there is any. */
export function BrokenRuleItem({
  matrix,
  row,
  rule,
  set,
}: {
  readonly matrix: Matrix;
  readonly row: MatrixRow;
  readonly rule: BrokenRule;
  readonly set: number | undefined;
}) {
  return (
    <li class="rule-item">
      <RuleHead matrix={matrix} id={rule.id} level={rule.level} weight={rule.weight} />
      <BrokenRuns row={row} broken={rule.broken} set={set} />
    </li>
  );
}

/** A rule in words, with a link to its place on the page of requirements. */
function RuleHead({ matrix, id, level, weight }: { readonly matrix: Matrix } & Omit<BrokenRule, 'broken'>) {
  const rule = named(matrix.requirements, id);
  const shape = WEIGHT_SHAPES[weight];
  return (
    <>
      <p class="cause-head">
        <span class={`mark v-${shape}`} role="img" aria-label={level === 'question' ? 'question' : `${level} broken`}>
          {SHAPES[shape]}
        </span>
        {rule === undefined ? (
          <b>{id === '' ? 'no rule is named' : plain(id)}</b>
        ) : (
          <a href={matrixLink({ view: 'rules', rule: id })}>{id}</a>
        )}{' '}
        <span class="level">{level === 'question' ? 'disputed' : level}</span>
        {rule === undefined ? null : <span class="dim"> {plain(rule.source)}</span>}
      </p>
      {rule === undefined ? null : <p class="rule">{plain(rule.text)}</p>}
      {rule?.disputed === undefined ? null : (
        <p class="dim">
          disputed. The specification: {plain(rule.disputed.spec)}. The official implementation: {plain(rule.disputed.official)}.
        </p>
      )}
    </>
  );
}
