import { plain } from '../../../protocols/common/plain.ts';
import type { VersionChange } from '../../../runner/results/matrix-changes.ts';
import { columnOf } from '../../../runner/results/matrix-column.ts';
import { number } from '../../model/text.ts';
import { shortId } from '../../model/verdict.ts';
import { Plain } from '../parts/plain.tsx';

/** What a version of an implementation mended and what it broke, against the one before it. */
export function VersionChanges({ change }: { readonly change: VersionChange }) {
  return (
    <section aria-label="What this version changed">
      <h2>
        What this version changed <span class="dim">against {plain(columnOf(change.before))}</span>
      </h2>
      {(
        [
          ['better', change.fixed],
          ['worse', change.broken],
        ] as const
      ).map(([what, cases]) =>
        cases.length === 0 ? null : (
          <details key={what} class="changes" open={what === 'worse'}>
            <summary>
              {number(cases.length)} {what}
            </summary>
            <ul class="case-list">
              {cases.map((each) => (
                <li key={each.id}>
                  <span class={what === 'better' ? 'v-pass' : 'v-fail'}>{what === 'better' ? '+' : '−'}</span> {shortId(each.id)}{' '}
                  <span class="dim">
                    <Plain>{each.title}</Plain>
                  </span>
                </li>
              ))}
            </ul>
          </details>
        ),
      )}
    </section>
  );
}
