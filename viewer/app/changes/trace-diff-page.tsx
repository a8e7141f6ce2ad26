import { useMemo, useState } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { LadderRun } from '../../model/ladder-run.ts';
import { json } from '../../model/says.ts';
import type { SideNames } from '../../model/side-name.ts';
import { count } from '../../model/text.ts';
import type { TraceDiff } from '../../trace-diff.ts';
import { go, linkTo, useAddress } from '../address.ts';
import { KeyList, KeysButton } from '../key-list.tsx';
import { useKeys } from '../keys.ts';
import { TraceView } from '../ladder/trace-view.tsx';
import { Plain } from '../parts/plain.tsx';
import { Splitter } from '../parts/splitter.tsx';
import { ThemeButton } from '../theme-button.tsx';

const NOBODY = { name: '', version: '', reference: false };
const RUN: LadderRun = { findings: [], role: 'client', client: NOBODY, server: NOBODY };
const WORDS = { words: { title: '', requirements: {}, variations: {} } };

/** Differences that are listed before somebody asks for all. */
const AT_FIRST = 100;

/** Characters of a value that are shown in the list. */
const SHOWN = 160;

/** Two traces beside each other: the differences on the left, both ladders on the right. */
export function TraceDiffPage({ diff }: { readonly diff: TraceDiff }) {
  const address = useAddress();
  const [keys, setKeys] = useState(false);
  const { report } = diff;
  useKeys([
    { keys: ['?'], says: 'these keys', act: () => setKeys((open) => !open) },
    { keys: ['Escape'], says: 'back', act: () => (keys ? setKeys(false) : go({ frame: undefined, side: 'observed' }, true)) },
  ]);
  const evidence = useMemo(
    (): Evidence => ({ observed: diff.a, golden: diff.b, goldenMissing: undefined, alignment: diff.alignment }),
    [diff],
  );
  const names = useMemo((): SideNames => {
    const [a, b] = [`a: ${plain(report.a.run)}`, `b: ${plain(report.b.run)}`];
    return {
      observed: a,
      golden: b,
      short: { observed: 'a', golden: 'b' },
      sends: { observed: 'in a', golden: 'in b' },
      member: { observed: 'in a', golden: 'in b' },
      prefix: 'b',
      ends: 'nameless',
    };
  }, [report]);
  const differences = report.differing.length + report.onlyInA.length + report.onlyInB.length;
  return (
    <>
      <header class="top">
        <span class="brand">weir diff</span>
        <span class="whom">{plain(`${diff.title} · ${report.a.file}, ${report.b.file}`)}</span>
        <ThemeButton />
        <KeysButton open={() => setKeys(true)} />
      </header>
      <main class="case">
        <div class="case-head">
          <h1>{differences === 0 ? 'The traces say the same' : `The traces differ in ${count(differences, 'place')}`}</h1>
          <p class="dim ids">
            {count(report.same, 'frame')} say the same
            {report.variations.length === 0
              ? ''
              : ` · set aside, as the protocol allows: ${report.variations.map((each) => plain(each)).join(', ')}`}
          </p>
        </div>
        <Splitter
          name="differences"
          left={<Differences diff={diff} />}
          right={<TraceView evidence={evidence} run={RUN} set={WORDS} address={address} steps={[]} names={names} />}
        />
      </main>
      {keys ? <KeyList close={() => setKeys(false)} /> : null}
    </>
  );
}

function Differences({ diff: { report } }: { readonly diff: TraceDiff }) {
  const [all, setAll] = useState(false);
  const most = all ? Number.POSITIVE_INFINITY : AT_FIRST;
  const alone = [
    ...report.onlyInA.map((place) => ({ place, side: 'observed' as const, says: 'only in a' })),
    ...report.onlyInB.map((place) => ({ place, side: 'golden' as const, says: 'only in b' })),
  ];
  const total = report.differing.length + alone.length;
  return (
    <section class="story" aria-label="Differences">
      {total > 0 ? null : <p class="notice">Ids, times, heartbeats and what the protocol allows aside, there is no difference.</p>}
      {report.differing.slice(0, most).map(({ stream, from, a, b, members }) => (
        <div key={`${a.n} ${b.n}`} class="found g-warn">
          <p class="cause-head">
            <b>{from}</b> on <span class="mono">{plain(stream)}</span>
            <a href={linkTo({ frame: a.n, side: 'observed' })}>its frames</a>
          </p>
          <table class="differences">
            <thead>
              <tr>
                <th scope="col">differs in</th>
                <th scope="col">in a</th>
                <th scope="col">in b</th>
              </tr>
            </thead>
            <tbody>
              {members.map(({ path, a: mine, b: theirs }) => (
                <tr key={path}>
                  <th scope="row">
                    <Plain>{path}</Plain>
                  </th>
                  <td>
                    <Plain>{shorten(json(mine))}</Plain>
                  </td>
                  <td>
                    <Plain>{shorten(json(theirs))}</Plain>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
      {alone.slice(0, most).map(({ place, side, says }) => (
        <div key={`${side} ${place.n}`} class="found g-warn">
          <p class="cause-head">
            <b>{says}</b> {place.from} on <span class="mono">{plain(place.stream)}</span>
            <a href={linkTo({ frame: place.n, side })}>its frame</a>
          </p>
          <p class="mono">
            <Plain>{shorten(place.summary)}</Plain>
          </p>
        </div>
      ))}
      {total <= AT_FIRST || all ? null : (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          show all {count(total, 'difference')}
        </button>
      )}
    </section>
  );
}

function shorten(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${text.length} characters)`;
}
