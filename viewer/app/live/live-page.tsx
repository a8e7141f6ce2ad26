import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import { named } from '../../../runner/results/named.ts';
import type { LiveFinding, LiveHead } from '../../live.ts';
import { brokenWords } from '../../model/broken-rules.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { LadderRun } from '../../model/ladder-run.ts';
import { count, number } from '../../model/text.ts';
import { SHAPES } from '../../model/verdict.ts';
import { type Address, go, linkTo, useAddress } from '../address.ts';
import { KeyList, KeysButton } from '../key-list.tsx';
import { keysOf, useKeys } from '../keys.ts';
import { TraceView } from '../ladder/trace-view.tsx';
import { Plain } from '../parts/plain.tsx';
import { Splitter } from '../parts/splitter.tsx';
import { ThemeButton } from '../theme-button.tsx';
import { Faults } from './faults.tsx';
import { type Followed, useNews } from './news.ts';

const STRANGER = { name: '', version: '', reference: false };

/** Those of a report without what is of a case, and its own. */
const TAP_KEYS = [['f', 'follow the newest frame, or stop'] as const, ...keysOf(['j  k', 'n  p', 'c', '/', 'Enter', 'Esc', '?'])];

/** A tap as it goes on: what was broken on the left, the ladder of the newest frames on the right. */
export function LivePage({ head }: { readonly head: LiveHead }) {
  const followed = useNews();
  const address = useAddress();
  const [keys, setKeys] = useState(false);
  const [follow, setFollow] = useState(true);
  useKeys([
    { keys: ['?'], says: 'these keys', act: () => setKeys((open) => !open) },
    { keys: ['f'], says: 'follow', act: () => setFollow((on) => !on) },
    { keys: ['Escape'], says: 'back', act: () => (keys ? setKeys(false) : go({ frame: undefined, rule: undefined }, true)) },
  ]);
  return (
    <>
      <header class="top">
        <span class="brand">weir tap</span>
        <span class="whom">{plain(`${head.title} · ${head.ways[0]?.url ?? ''} → ${head.upstream}`)}</span>
        <ThemeButton />
        <KeysButton open={() => setKeys(true)} />
      </header>
      <main class="case live">
        <div class="case-head">
          <h1>{sentence(followed)}</h1>
          <p class="dim ids" role="status">
            {count(followed.frames, 'frame')} on {count(followed.connections, 'connection')} · binding {followed.binding ?? 'not known yet'}{' '}
            · {STATES[followed.state]}
            {followed.skipped === 0 ? '' : ` · ${number(followed.skipped)} events came too fast to be drawn; --output keeps them`}{' '}
            <button
              type="button"
              class="quiet follow"
              aria-pressed={follow}
              title="Keep the newest frame in sight (f)"
              onClick={() => setFollow(!follow)}
            >
              {follow ? 'following the newest' : 'follow the newest'}
            </button>
          </p>
        </div>
        <Splitter
          name="broken"
          left={
            <Broken followed={followed} head={head} address={address} onOpen={() => setFollow(false)}>
              <Faults faults={head.faults} news={followed.faults} over={followed.state === 'over'} />
            </Broken>
          }
          right={
            <Frames
              followed={followed}
              head={head}
              address={address}
              follow={follow && address.frame === undefined}
              stop={() => setFollow(false)}
            />
          }
        />
      </main>
      {keys ? <KeyList close={() => setKeys(false)} keys={TAP_KEYS} /> : null}
    </>
  );
}

const STATES: Readonly<Record<Followed['state'], string>> = {
  waiting: 'waiting for the tap',
  following: 'live',
  lost: 'the tap cannot be reached; trying again',
  over: 'the tap has ended',
};

/** What a broken rule weighs, by what it amounts to. */
const GRAVITY_WEIGHTS = { fail: 'must', warn: 'advice', question: 'question' } as const;

function sentence({ broken, frames }: Followed): string {
  if (frames === 0) return 'Nothing has passed yet';
  if (broken.length === 0) return 'Nothing was broken so far';
  const binding = broken.filter(({ gravity }) => gravity === 'fail');
  const ends = [...new Set((binding.length === 0 ? broken : binding).map(({ blame }) => `the ${blame}`))].join(' and ');
  return brokenWords(
    broken.map(({ gravity }) => GRAVITY_WEIGHTS[gravity]),
    ends,
  );
}

function Broken({
  followed,
  head,
  address,
  onOpen,
  children,
}: {
  readonly followed: Followed;
  readonly head: LiveHead;
  readonly address: Address;
  readonly onOpen: () => void;
  readonly children: ComponentChildren;
}) {
  const { broken, examined, frames } = followed;
  return (
    <section class="story" aria-label="What was broken">
      {frames > 0 ? null : (
        <div class="notice">
          {head.ways.map(({ who, url }) => (
            <p key={who}>
              Have the {plain(who)} dial <code>{plain(url)}</code> instead of <code>{plain(head.upstream)}</code>.
            </p>
          ))}
        </div>
      )}
      {broken.map((finding) => (
        <Rule
          key={`${finding.blame} ${finding.requirement ?? finding.message}`}
          finding={finding}
          head={head}
          address={address}
          onOpen={onOpen}
        />
      ))}
      {frames === 0 ? null : (
        <p class="dim">
          Examined so far: {count(examined.client, 'requirement')} of the client, {count(examined.server, 'requirement')} of the server.
        </p>
      )}
      {children}
    </section>
  );
}

function Rule({
  finding,
  head,
  address,
  onOpen,
}: {
  readonly finding: LiveFinding;
  readonly head: LiveHead;
  readonly address: Address;
  readonly onOpen: () => void;
}) {
  const { requirement, level, gravity, blame, message, events, times, question } = finding;
  const rule = named(head.requirements, requirement);
  const [decisive] = events;
  return (
    <div class={`found g-${gravity}${requirement !== undefined && requirement === address.rule ? ' current' : ''}`}>
      <p class="cause-head">
        <span class={`mark v-${gravity}`} role="img" aria-label={gravity}>
          {SHAPES[gravity]}
        </span>{' '}
        <b>the {blame}</b> {gravity === 'question' ? 'may break' : 'breaks'}{' '}
        <span class="mono">{requirement ?? 'the carrier’s rules'}</span> <span class="level">{level}</span>{' '}
        <span class="dim">{times === 1 ? 'once' : `${number(times)} times`}</span>
      </p>
      {rule === undefined ? null : <p class="rule">{rule.text}</p>}
      <p class="finding">
        <Plain>{message}</Plain>
      </p>
      {question === undefined ? null : (
        <p class="dim">
          disputed. The specification: {question.spec}. The official implementation: {question.official}.
        </p>
      )}
      {decisive === undefined ? null : (
        <p>
          <a href={linkTo({ frame: decisive, rule: requirement })} onClick={onOpen}>
            its frame{times > 1 ? ', the last time' : ''}
          </a>
        </p>
      )}
    </div>
  );
}

function Frames({
  followed,
  head,
  address,
  follow,
  stop,
}: {
  readonly followed: Followed;
  readonly head: LiveHead;
  readonly address: Address;
  readonly follow: boolean;
  readonly stop: () => void;
}) {
  const { records, findings } = followed;
  const evidence = useMemo(
    (): Evidence => ({
      observed: { records, timeScale: 1, closing: Number.POSITIVE_INFINITY },
      golden: undefined,
      // A tap knows no case, so there is nothing to compare with.
      goldenMissing: undefined,
      alignment: undefined,
    }),
    [records],
  );
  const run = useMemo((): LadderRun => ({ findings: [...findings], role: 'client', client: STRANGER, server: STRANGER }), [findings]);
  const set = useMemo(() => ({ words: { title: head.title, requirements: head.requirements, variations: {} } }), [head]);
  if (records.length === 0) return <section class="no-trace dim">No frame yet.</section>;
  return (
    // What the reader scrolls stays where it is.
    <div class="following" onWheel={(event) => event.deltaY < 0 && stop()} onTouchMove={stop}>
      <TraceView evidence={evidence} run={run} set={set} address={address} steps={[]} follow={follow} />
    </div>
  );
}
