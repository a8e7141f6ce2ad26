import { type Tally, tallyOf, troubleOf } from '../../../runner/results/matrix-tally.ts';
import { cellWords } from '../../model/matrix-words.ts';
import { SHAPES } from '../../model/verdict.ts';
import { matrixLink } from './address.ts';
import { Cell } from './cell.tsx';
import { Musts, NotSetUp, type RowMatter, RowName } from './row-parts.tsx';

/** A row on a narrow screen: who it is, the areas that are in trouble with their cells, then the names of the others. */
export function RowCard(matter: RowMatter) {
  const { matrix, row, areas, isOld } = matter;
  const tallies = areas.map((area): readonly [string, Tally] => [area, tallyOf(matrix, row, area)]);
  const troubled = tallies.filter(([, tally]) => troubleOf(tally).length > 0);
  const sound = tallies.filter(([, tally]) => troubleOf(tally).length === 0 && tally.judged > 0);
  const unsupported = tallies.filter(([, tally]) => troubleOf(tally).length === 0 && tally.judged === 0 && tally.skip > 0);
  return (
    <li class={`row-card${isOld ? ' old' : ''}`}>
      <h2>
        <RowName {...matter} />
      </h2>
      {row.state === 'not-set-up' ? (
        <p class="dim">
          <NotSetUp row={row} />
        </p>
      ) : (
        <>
          <p>
            <span class="dim">MUSTs kept</span> <Musts matrix={matrix} row={row} />
          </p>
          {troubled.length === 0 ? null : (
            <ul class="troubled">
              {troubled.map(([area, tally]) => (
                <li key={area}>
                  <a href={matrixLink({ row: row.id, area })}>
                    <Cell tally={tally} /> <span class="area">{area}</span>
                    <span class="sr">: {cellWords(tally)}</span>
                  </a>
                </li>
              ))}
            </ul>
          )}
          <Names id={row.id} shape={SHAPES.pass} name="v-pass" says="all passed" of={sound} />
          <Names id={row.id} shape="–" name="v-skip" says="not supported" of={unsupported} />
        </>
      )}
    </li>
  );
}

/** Areas that need no more than their name. */
function Names({
  id,
  shape,
  name,
  says,
  of,
}: {
  readonly id: string;
  readonly shape: string;
  readonly name: string;
  readonly says: string;
  readonly of: readonly (readonly [string, Tally])[];
}) {
  if (of.length === 0) return null;
  return (
    <p class="names">
      <span class={`shape ${name}`} aria-hidden="true">
        {shape}
      </span>{' '}
      <span class="dim">{says}:</span>{' '}
      {of.map(([area], i) => (
        <span key={area}>
          {i === 0 ? '' : ', '}
          <a href={matrixLink({ row: id, area })}>{area}</a>
        </span>
      ))}
    </p>
  );
}
