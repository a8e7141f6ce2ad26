import { endOf } from '../../protocols/common/frame.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import type { FaultEvent } from '../../protocols/common/trace.ts';
import type { FaultNews, LiveFinding, LiveNews } from '../../viewer/live.ts';
import { recordGrammar } from '../bundles/records.ts';
import { fingerprint } from '../judge/judgement.ts';
import type { Masker } from '../masking/masker.ts';
import type { Counts } from './outcome.ts';
import type { Tap } from './tap.ts';
import { tapRecord } from './trace-file.ts';
import type { Breach } from './watch.ts';

/** Events that a page is given at once, and when it begins. Passing frames comes before drawing them. */
const AT_ONCE = 150;
const AT_FIRST = 600;

/** Events that a page may be behind; beyond that it goes on with the newest. */
const MOST_BEHIND = 1500;

/** What faults did that is kept for pages, the newest. */
const MOST_DONE = 50;

/** Broken rules that are kept for pages that come later. */
const MOST_FINDINGS = 500;

/** What pages that follow a tap hear. */
export interface LiveFeed {
  breach(breach: Breach): void;
  /** A fault was armed, struck or lifted. */
  fault(event: FaultEvent): void;
  /** A page that begins now; gives what there is for it since it last asked, undefined where that is nothing. */
  follow(): { news(over: boolean): LiveNews | undefined };
}

/** What a feed is made of. */
export interface LiveSource {
  readonly protocol: Protocol;
  readonly tap: Pick<Tap, 'recorder' | 'guess' | 'reader' | 'tally' | 'armed' | 'armedRevision'>;
  readonly counts: Counts;
  readonly masker: Masker;
  readonly requirementOf: (id: string) => Requirement | undefined;
}

/** Starts a feed to which nothing listens yet. */
export function startFeed({ protocol, tap, counts, masker, requirementOf }: LiveSource): LiveFeed {
  /** The newest findings, and how many there were before them. */
  const findings: LiveFinding[] = [];
  let dropped = 0;
  const done: FaultNews['done'][number][] = [];
  /** How many there were. */
  let doneEver = 0;
  const faults = (): FaultNews => ({ armed: tap.armed().map((each) => ({ ...each, what: masker.words(each.what) })), done: [...done] });
  return {
    fault({ t, what }) {
      done.push({ t, what: masker.words(what) });
      doneEver += 1;
      if (done.length > MOST_DONE) done.shift();
    },
    breach(breach) {
      findings.push(findingOf(breach, masker, requirementOf));
      if (findings.length <= MOST_FINDINGS) return;
      findings.shift();
      dropped += 1;
    },
    follow() {
      const { recorder, reader } = tap;
      const begin = (behind: number): number => Math.max(recorder.first, reader.read() - behind, 0);
      let next = begin(AT_FIRST);
      let told = dropped;
      let anew = true;
      let faultsTold = 0;
      return {
        news(over) {
          // Nothing is told whose secrets are not known yet.
          const read = reader.read();
          const skipped = read - next > MOST_BEHIND || next < recorder.first ? begin(AT_FIRST) - next : 0;
          next += skipped;
          const until = Math.min(read, next + (anew ? AT_FIRST : AT_ONCE));
          const recording = { protocol, binding: tap.guess.taken(), masker, whereabouts: recorder.whereaboutsOf };
          const records = Array.from(recorder.trace.slice(next, until), (event) =>
            recordGrammar.parse(JSON.parse(JSON.stringify(tapRecord(event, recording)))),
          );
          const fresh = findings.slice(Math.max(0, told - dropped));
          // Both only grow.
          const known = tap.armedRevision() + doneEver;
          const isNews = anew || known !== faultsTold;
          if (!isNews && !over && records.length === 0 && fresh.length === 0) return undefined;
          const { client, server } = tap.tally().examined;
          const news: LiveNews = {
            ...(anew || skipped > 0 ? { anew: true } : {}),
            ...(skipped > 0 ? { skipped } : {}),
            records,
            findings: fresh,
            binding: tap.guess.known(),
            frames: counts.frames,
            connections: counts.connections,
            examined: { client: client.size, server: server.size },
            ...(isNews ? { faults: faults() } : {}),
            ...(over ? { over: true } : {}),
          };
          next = until;
          told = dropped + findings.length;
          anew = false;
          faultsTold = known;
          return news;
        },
      };
    },
  };
}

function findingOf(breach: Breach, masker: Masker, requirementOf: (id: string) => Requirement | undefined): LiveFinding {
  const { requirement, level, gravity, blame, message, events, times } = breach;
  const disputed = requirement === undefined ? undefined : requirementOf(requirement)?.disputed;
  return {
    judge: requirement === undefined ? 'carrier' : 'invariant',
    checkpoint: requirement === undefined ? 'carrier' : 'invariant',
    ...(requirement === undefined ? {} : { requirement }),
    level,
    message: masker.words(message),
    events: [...events],
    fingerprint: fingerprint('invariant', requirement, 'live', 'any'),
    ...(gravity === 'question' && disputed !== undefined
      ? {
          question: {
            spec: disputed.spec,
            official: disputed.official,
            demanded: disputed.demanded === 'official' ? ('official' as const) : ('spec' as const),
          },
        }
      : {}),
    blame: endOf(blame),
    gravity,
    times,
  };
}
