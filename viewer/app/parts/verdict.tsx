import { isHollow, isStale, SHAPES, VERDICT_WORDS } from '../../model/verdict.ts';
import type { ListedRun } from '../../page.ts';

/** A verdict as colour and shape; hollow where the failure is known. */
export function VerdictMark({ run }: { readonly run: Pick<ListedRun, 'verdict' | 'expected'> }) {
  const hollow = isHollow(run);
  const says = `${VERDICT_WORDS[run.verdict]}${hollow ? ', known' : isStale(run) ? ', but listed as a known failure' : ''}`;
  return (
    <span class={`mark v-${isStale(run) ? 'fail' : run.verdict}${hollow ? ' hollow' : ''}`} role="img" aria-label={says} title={says}>
      {SHAPES[run.verdict]}
    </span>
  );
}
