import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import type { CaseRun } from '../../../runner/results/result.ts';
import { stepTexts } from '../../model/case-text.ts';
import { type Evidence, readEvidence } from '../../model/evidence.ts';
import type { Entry } from '../../model/rows-of-runs.ts';
import { duration } from '../../model/text.ts';
import type { Page, Sources } from '../../page.ts';
import { type Address, go, linkTo } from '../address.ts';
import { useKeys } from '../keys.ts';
import { TraceView } from '../ladder/trace-view.tsx';
import { runAddress } from '../links.ts';
import { copyText } from '../parts/copy.tsx';
import { useLoading } from '../parts/load.ts';
import { Plain } from '../parts/plain.tsx';
import { Splitter } from '../parts/splitter.tsx';
import { VerdictMark } from '../parts/verdict.tsx';
import { unpack, unpackJson } from '../pieces.ts';
import { wholeRun } from '../start/copy-command.ts';
import { NoTrace } from './no-trace.tsx';
import { Story } from './story.tsx';

/** Everything that a case page shows, unpacked. */
interface Opened {
  readonly run: CaseRun;
  readonly sources: Sources | undefined;
  readonly evidence: Evidence | undefined;
}

async function open({ run, set }: Entry): Promise<Opened> {
  const [whole, sources, evidence] = await Promise.all([
    wholeRun({ run }),
    set.sources === undefined ? undefined : unpackJson<Sources>(set.sources),
    run.evidence.kind === 'embedded'
      ? unpack(run.evidence.piece).then((text) => (run.evidence.kind === 'embedded' ? readEvidence(text, run.evidence.form) : undefined))
      : undefined,
  ]);
  return { run: whole, sources, evidence };
}

/** One case-run: the story on the left, the ladder on the right. */
export function CasePage({
  page,
  entry,
  entries,
  address,
  leave,
}: {
  readonly page: Page;
  readonly entry: Entry;
  readonly entries: readonly Entry[];
  readonly address: Address;
  readonly leave: (id: string) => void;
}) {
  const opened = useLoading(entry.run.id, () => open(entry));
  const [said, setSaid] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    leave(entry.run.id);
    heading.current?.focus();
  }, [entry]);
  const run = opened.kind === 'here' ? opened.value.run : undefined;
  useKeys([
    {
      keys: ['y'],
      says: 'copy',
      act: () => run !== undefined && void copyText(run.reproduce).then(() => setSaid('copied the command that runs it again')),
    },
    {
      keys: ['Escape'],
      says: 'back',
      act: () => go(address.frame === undefined ? { run: undefined, side: 'observed' } : { frame: undefined, side: 'observed' }),
    },
  ]);
  const siblings = useMemo(
    () => entries.filter(({ run: other, set }) => set === entry.set && other.case === entry.run.case && other.id !== entry.run.id),
    [entries, entry],
  );
  const at = entries.indexOf(entry);
  const around = (by: 1 | -1): Entry | undefined => {
    for (let i = at + by; i >= 0 && i < entries.length; i += by) if ((entries[i]?.run.found ?? 0) > 0) return entries[i];
    return undefined;
  };
  const [before, after] = [around(-1), around(1)];
  return (
    <main class="case">
      <div class="case-head">
        <nav aria-label="Place" class="crumbs">
          <a href={linkTo({ run: undefined, frame: undefined, side: 'observed' })}>← all case-runs</a>
          {before === undefined ? null : (
            <a href={linkTo(runAddress(page, before))} title={before.run.id}>
              previous with findings
            </a>
          )}
          {after === undefined ? null : (
            <a href={linkTo(runAddress(page, after))} title={after.run.id}>
              next with findings
            </a>
          )}
        </nav>
        <h1 ref={heading} tabIndex={-1}>
          <VerdictMark run={entry.run} /> <Plain>{entry.run.title}</Plain>
        </h1>
        <p class="dim ids">
          <span class="mono">{entry.run.id}</span>
          {page.sets.length > 1 ? ` · ${plain(entry.set.label)}` : ''} ·{' '}
          {entry.run.verdict === 'skip' ? 'not run' : duration(entry.run.durationMs)}
          {siblings.length === 0 ? null : (
            <>
              {' · also '}
              {siblings.slice(0, 6).map((other, i) => (
                <span key={other.run.id}>
                  {i > 0 ? ', ' : ''}
                  <VerdictMark run={other.run} />{' '}
                  <a href={linkTo(runAddress(page, other))}>{other.run.id.slice(other.run.id.indexOf('@') + 1)}</a>
                </span>
              ))}
            </>
          )}
        </p>
      </div>
      {opened.kind === 'loading' ? null : opened.kind === 'failed' ? (
        <p class="notice">This case-run cannot be shown: {opened.why}</p>
      ) : (
        <Splitter
          name="story"
          left={<Story entry={entry} opened={opened.value} />}
          right={
            opened.value.evidence?.observed === undefined ? (
              <NoTrace entry={entry} run={opened.value.run} />
            ) : (
              <TraceView
                evidence={opened.value.evidence}
                run={opened.value.run}
                set={entry.set}
                address={address}
                steps={opened.value.sources === undefined ? [] : stepTexts(opened.value.sources, entry.run.case)}
              />
            )
          }
        />
      )}
      <div class="toast" role="status">
        {said}
      </div>
    </main>
  );
}
