import type { CaseRun } from '../../../runner/results/result.ts';
import type { Entry } from '../../model/rows-of-runs.ts';
import { bytes } from '../../model/text.ts';
import { Command } from '../parts/copy.tsx';

/** What stands where the ladder would be when there is no trace: why, and what keeps one. */
export function NoTrace({ entry, run }: { readonly entry: Entry; readonly run: CaseRun }) {
  const { evidence, verdict } = entry.run;
  if (evidence.kind === 'left-out') {
    return (
      <div class="no-trace">
        <p>
          Its trace is not in this report: {bytes(evidence.bytes)} would not fit. It lies at <code>{evidence.path}</code>.
        </p>
        <Command says="open it" text={`npx weir view ${evidence.path}`} />
      </div>
    );
  }
  if (verdict === 'skip')
    return (
      <div class="no-trace">
        <p>It was not run, so there is nothing to see.</p>
      </div>
    );
  if (verdict === 'error' && run.trace === undefined)
    return (
      <div class="no-trace">
        <p>The run failed before anything could be seen on the wire, or traces were not kept.</p>
      </div>
    );
  return (
    <div class="no-trace">
      <p>
        No trace was kept: traces of what passed are kept with <code>--traces all</code>.
      </p>
      <Command says="run it again with its trace" text={`${run.reproduce} --traces all`} />
    </div>
  );
}
