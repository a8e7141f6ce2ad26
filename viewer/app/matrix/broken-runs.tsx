import type { MatrixRow } from '../../../runner/results/matrix.ts';
import { verdictOf } from '../../../runner/results/matrix-letters.ts';
import type { BrokenRun } from '../../model/row-rules.ts';
import { count, number, percent } from '../../model/text.ts';
import { SHAPES, shortId } from '../../model/verdict.ts';
import { Command } from '../parts/copy.tsx';
import { Plain } from '../parts/plain.tsx';

/** Most case-runs that are listed before the rest is asked for. */
const SHOWN = 12;

/** Case-runs of a row that are no pass, each with what was found and how to see it again. `set`: see `BrokenRuleItem`. */
export function BrokenRuns({
  row,
  broken,
  set,
}: {
  readonly row: MatrixRow;
  readonly broken: readonly BrokenRun[];
  readonly set: number | undefined;
}) {
  const [first, rest] = [broken.slice(0, SHOWN), broken.slice(SHOWN)];
  const list = (some: readonly BrokenRun[]) => (
    <ul class="case-list">
      {some.map((broken) => (
        <li key={broken.each.id}>
          <RunLine row={row} broken={broken} set={set} />
        </li>
      ))}
    </ul>
  );
  return (
    <>
      {list(first)}
      {rest.length === 0 ? null : (
        <details>
          <summary>{number(rest.length)} more</summary>
          {list(rest)}
        </details>
      )}
    </>
  );
}

function RunLine({
  row,
  broken: { index, each, finding },
  set,
}: {
  readonly row: MatrixRow;
  readonly broken: BrokenRun;
  readonly set: number | undefined;
}) {
  const verdict = verdictOf(row.verdicts[index]) ?? 'skip';
  const rate = row.rates[index];
  const again = `npx weir run '${each.case}' --role ${each.role} --binding ${each.binding}${row.reference ? '' : ` --implementation ${row.id}`}`;
  return (
    <details class="case-line">
      <summary>
        <span class={`mark v-${verdict}`} role="img" aria-label={verdict}>
          {SHAPES[verdict]}
        </span>{' '}
        <b>{shortId(each.id)}</b>{' '}
        {rate === undefined ? null : (
          <span class="v-warn">
            fails in {percent(rate.failed, 1)} of {count(rate.runs, 'run')}{' '}
          </span>
        )}
        <span class="dim">
          <Plain>{finding.message}</Plain>
        </span>
      </summary>
      <p>
        <Plain>{each.title}</Plain>
      </p>
      <p>
        <Plain>{finding.message}</Plain>
      </p>
      {set === undefined ? null : (
        <p>
          <a
            href={`evidence.html#${set === 0 ? '' : `set=${set}&`}run=${encodeURIComponent(each.id).replaceAll('%2F', '/').replaceAll('%40', '@')}`}
          >
            The frames
          </a>
          <span class="dim"> beside those of the reference pair</span>
        </p>
      )}
      <Command says="again" text={again} />
    </details>
  );
}
