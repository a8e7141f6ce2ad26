import { plain } from '../../../protocols/common/plain.ts';
import type { Matrix } from '../../../runner/results/matrix.ts';
import { columnOf } from '../../../runner/results/matrix-column.ts';
import { gridOf } from '../../../runner/results/matrix-grid.ts';
import { tallyOfCounts } from '../../../runner/results/matrix-tally.ts';
import { cellWords } from '../../model/matrix-words.ts';
import { Cell } from './cell.tsx';
import { causesId, PairCauses } from './pair-causes.tsx';

/** Who gets on with whom: a row for each client, a column for each server, and why, below. Nothing where no pairs were run. */
export function Pairs({ matrix: { pairs, rows } }: { readonly matrix: Matrix }) {
  if (pairs === undefined) return null;
  const { clients, servers, at } = gridOf(pairs.all);
  const titled = (id: string): string => {
    const row = rows.find((each) => each.id === id);
    return plain(row === undefined ? id : `${row.title} ${columnOf(row)}`);
  };
  return (
    <>
      <section aria-label="With one another">
        <h2>With one another</h2>
        <p class="dim">
          Each as client of each other one, no reference peer between them, in {pairs.selection.map((each) => plain(each)).join(', ')}. A
          mark says that a rule was broken, by whichever end.
        </p>
      </section>
      <div class="matrix-scroll" tabIndex={0} role="region" aria-label="Pairs">
        <table class="matrix-table pairs">
          <thead>
            <tr>
              <th scope="col" class="who">
                client
              </th>
              {servers.map((server) => (
                <th key={server} scope="col">
                  with {titled(server)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {clients.map((client) => (
              <tr key={client}>
                <th scope="row" class="who">
                  {titled(client)}
                </th>
                {servers.map((server) => {
                  const pair = at(client, server);
                  if (pair === undefined || pair.state === 'not-set-up')
                    return <td key={server}>{pair === undefined ? '·' : 'not set up'}</td>;
                  const tally = tallyOfCounts(pair.counts);
                  return (
                    <td key={server} title={cellWords(tally)}>
                      {pair.causes.length === 0 ? (
                        <>
                          <span class="sr">{cellWords(tally)}</span>
                          <Cell tally={tally} />
                        </>
                      ) : (
                        <button type="button" class="plain" onClick={() => open(causesId(pair))}>
                          <span class="sr">{cellWords(tally)}: why not</span>
                          <Cell tally={tally} />
                        </button>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <PairCauses pairs={pairs.all} titled={titled} />
    </>
  );
}

/** Opens the causes of a pair, and leads there. */
function open(id: string): void {
  const causes = document.getElementById(id);
  if (!(causes instanceof HTMLDetailsElement)) return;
  causes.open = true;
  causes.querySelector('summary')?.focus({ preventScroll: true });
  causes.scrollIntoView({ block: 'nearest' });
}
