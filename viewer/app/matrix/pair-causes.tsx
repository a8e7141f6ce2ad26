import type { MatrixPair } from '../../../runner/results/matrix.ts';
import { count } from '../../model/text.ts';
import { Plain } from '../parts/plain.tsx';

/** The name of the causes of a pair in the page. */
export function causesId({ client, server }: Pick<MatrixPair, 'client' | 'server'>): string {
  return `causes ${client} ${server}`;
}

/** Why each pair is no pass: a line a pair, which opens to a table of its causes, those that most case-runs have first. */
export function PairCauses({ pairs, titled }: { readonly pairs: readonly MatrixPair[]; readonly titled: (id: string) => string }) {
  const told = pairs.filter(({ causes }) => causes.length > 0);
  if (told.length === 0) return null;
  return (
    <section aria-label="Causes of pairs">
      <h3>Why not</h3>
      {told.map((pair) => (
        <details key={causesId(pair)} id={causesId(pair)} class="case-line pair-causes">
          <summary>
            {titled(pair.client)} with {titled(pair.server)} <span class="dim">{causesOf(pair)}</span>
          </summary>
          <table>
            <thead class="sr">
              <tr>
                <th scope="col">case-runs</th>
                <th scope="col">cause</th>
              </tr>
            </thead>
            <tbody>
              {pair.causes.map(({ fingerprint, message, runs }) => (
                <tr key={fingerprint}>
                  <td class="runs">{count(runs, 'case-run')}</td>
                  <td class="mono">
                    <Plain>{message}</Plain>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      ))}
    </section>
  );
}

/** How many causes there are, of how many case-runs. */
function causesOf({ causes }: MatrixPair): string {
  const runs = causes.reduce((sum, each) => sum + each.runs, 0);
  return `${count(runs, 'case-run')}, ${count(causes.length, 'cause')}`;
}
