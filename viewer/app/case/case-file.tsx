import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { CaseRun } from '../../../runner/results/result.ts';
import { caseLines } from '../../model/case-text.ts';
import type { Sources } from '../../page.ts';
import { linkTo } from '../address.ts';

const OUTCOMES = { held: '●', broken: '✕', 'not-reached': '–' } as const;
const OUTCOME_WORDS = { held: 'held', broken: 'broken', 'not-reached': 'not reached' } as const;

/** The case as it is written, the failed step marked and in sight. */
export function CaseFile({
  sources,
  run,
  stepRows,
}: {
  readonly sources: Sources;
  readonly run: CaseRun;
  readonly stepRows: ReadonlyMap<number, number>;
}) {
  const found = useMemo(() => caseLines(sources, run.case, run.checkpoints, run.findings), [sources, run]);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const line = box.current?.querySelector<HTMLElement>('.failed');
    if (line !== null && line !== undefined && box.current !== null) box.current.scrollTop = line.offsetTop - box.current.clientHeight / 3;
  }, [found]);
  if (found === undefined) return null;
  const wide = String(found.lines.length).length;
  return (
    <section>
      <h2>
        Case <span class="dim mono">{found.file}</span>
      </h2>
      <div class="yaml" ref={box} tabIndex={0} role="region" aria-label="Case file">
        {found.lines.map(({ number, text, outcome, failed, steps }) => (
          <div key={number} class={`line${failed ? ' failed' : ''}`}>
            <span class="gutter">
              <span class="number">{String(number).padStart(wide)}</span>
              <span
                class={`outcome v-${outcome === 'broken' ? 'fail' : outcome === 'held' ? 'pass' : 'skip'}`}
                title={outcome === undefined ? undefined : `step ${OUTCOME_WORDS[outcome]}`}
              >
                <StepMark
                  text={outcome === undefined ? ' ' : OUTCOMES[outcome]}
                  step={steps[0]}
                  n={steps[0] === undefined ? undefined : stepRows.get(steps[0])}
                />
              </span>
            </span>
            <span class={text.trimStart().startsWith('#') ? 'dim' : undefined}>{text === '' ? ' ' : text}</span>
          </div>
        ))}
      </div>
    </section>
  );
}

/** What became of a step; where the trace has it, the way there. */
function StepMark({ text, step, n }: { readonly text: string; readonly step: number | undefined; readonly n: number | undefined }) {
  if (step === undefined || n === undefined) return <>{text}</>;
  return (
    <a href={linkTo({ frame: n, side: 'observed' })} aria-label={`step ${step + 1} in the trace`}>
      {text === ' ' ? '·' : text}
    </a>
  );
}
