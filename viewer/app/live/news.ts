import { useEffect, useState } from 'preact/hooks';
import type { TraceRecordRead } from '../../../runner/bundles/records.ts';
import { type FaultNews, type LiveFinding, type LiveNews, NEWS_PATH } from '../../live.ts';

/** What a page that follows a tap has of it. */
export interface Followed {
  /** The newest records, without holes. */
  readonly records: readonly TraceRecordRead[];
  readonly findings: readonly LiveFinding[];
  /** The newest count of each rule and end, the gravest first. */
  readonly broken: readonly LiveFinding[];
  readonly binding: string | undefined;
  readonly frames: number;
  readonly connections: number;
  readonly examined: LiveNews['examined'];
  readonly faults: FaultNews;
  /** Events that came too fast to be drawn. */
  readonly skipped: number;
  readonly state: 'waiting' | 'following' | 'lost' | 'over';
}

/** Records that are kept, and how many of the oldest go at once when there are more. */
const MOST_RECORDS = 6000;
const GO_AT_ONCE = 1500;

/** Findings that are pinned to frames. */
const MOST_FINDINGS = 500;

/** Nothing has come yet. */
export const NOTHING: Followed = {
  records: [],
  findings: [],
  broken: [],
  binding: undefined,
  frames: 0,
  connections: 0,
  examined: { client: 0, server: 0 },
  faults: { armed: [], done: [] },
  skipped: 0,
  state: 'waiting',
};

/** What there is once news has come. */
export function after(before: Followed, news: LiveNews): Followed {
  const { records, findings, binding, frames, connections, examined, skipped = 0, faults = before.faults, anew, over } = news;
  const all = [...(anew === true ? [] : before.records), ...records];
  const known = [...(anew === true && skipped === 0 ? [] : before.findings), ...findings].slice(-MOST_FINDINGS);
  return {
    records: all.length > MOST_RECORDS ? all.slice(all.length - MOST_RECORDS + GO_AT_ONCE) : all,
    findings: known,
    broken:
      findings.length === 0 && anew !== true
        ? before.broken
        : brokenIn([...(anew === true && skipped === 0 ? [] : before.broken), ...findings]),
    binding,
    frames,
    connections,
    examined,
    faults,
    skipped: before.skipped + skipped,
    state: over === true ? 'over' : 'following',
  };
}

const WEIGHT = { fail: 0, warn: 1, question: 2 } as const;

function brokenIn(findings: readonly LiveFinding[]): LiveFinding[] {
  const newest = new Map<string, LiveFinding>();
  for (const finding of findings) newest.set(`${finding.blame} ${finding.requirement ?? finding.message}`, finding);
  return [...newest.values()].sort((a, b) => WEIGHT[a.gravity] - WEIGHT[b.gravity]);
}

/** Follows the tap that this page came from. */
export function useNews(): Followed {
  const [followed, setFollowed] = useState(NOTHING);
  useEffect(() => {
    const source = new EventSource(NEWS_PATH);
    let over = false;
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const news = JSON.parse(data) as LiveNews;
      over ||= news.over === true;
      if (over) source.close();
      setFollowed((before) => after(before, news));
    };
    source.onerror = () => {
      if (!over) setFollowed((before) => ({ ...before, state: 'lost' }));
    };
    return () => source.close();
  }, []);
  return followed;
}
