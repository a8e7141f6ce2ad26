import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import { type AlignedRow, alignRows } from '../../model/align-rows.ts';
import type { Evidence } from '../../model/evidence.ts';
import { ladderRows, type Row } from '../../model/ladder.ts';
import type { LadderRun } from '../../model/ladder-run.ts';
import { type LadderFilter, SHOW_ALL, shownRows } from '../../model/shown-rows.ts';
import type { SideName, SideNames } from '../../model/side-name.ts';
import type { PageSet } from '../../page.ts';
import { type Address, go } from '../address.ts';
import { useKeys } from '../keys.ts';
import { NARROW, useMedia } from '../parts/media.ts';
import { FramePane } from './frame-pane.tsx';
import { Ladder } from './ladder.tsx';
import { LadderBar } from './ladder-bar.tsx';

/** A trace, alone or beside the golden one, with the frame that is looked at. */
export function TraceView({
  evidence,
  run,
  set,
  address,
  steps,
  follow = false,
  names = goldenNames(run),
}: {
  readonly evidence: Evidence;
  readonly run: LadderRun;
  readonly set: Pick<PageSet, 'words'>;
  readonly address: Address;
  /** What each step says. */
  readonly steps: readonly string[];
  /** Whether the newest frame stays in sight. */
  readonly follow?: boolean;
  readonly names?: SideNames;
}) {
  const narrow = useMedia(NARROW);
  const [filter, setFilter] = useState<LadderFilter>(SHOW_ALL);
  const search = useRef<HTMLInputElement>(null);
  const observed = useMemo(() => (evidence.observed === undefined ? [] : ladderRows(evidence.observed, run.findings)), [evidence, run]);
  const golden = useMemo(() => (evidence.golden === undefined ? undefined : ladderRows(evidence.golden)), [evidence]);
  const beside = address.golden && golden !== undefined;
  const rows = useMemo((): readonly AlignedRow[] => {
    const mine = shownRows(observed, filter);
    if (!beside) return mine.map((row) => ({ observed: row, golden: undefined, mark: 'same' as const }));
    return alignRows(mine, shownRows(golden, filter), evidence.alignment);
  }, [observed, golden, beside, filter, evidence]);
  const { side } = address;
  const current = useMemo(() => indexAt(rows, address.frame, side), [rows, address.frame, side]);
  const select = (index: number, wanted: SideName = side): void => {
    const row = rows[index];
    if (row === undefined) return;
    const on: SideName = row[wanted] !== undefined ? wanted : wanted === 'observed' ? 'golden' : 'observed';
    const at = row[on];
    if (at !== undefined) go({ frame: at.n, side: on }, true);
  };
  /** The next row that is so; from the top where none is looked at yet. */
  const move = (by: 1 | -1, wanted: (row: AlignedRow) => boolean): void => {
    for (let i = current < 0 ? (by > 0 ? 0 : rows.length - 1) : current + by; i >= 0 && i < rows.length; i += by) {
      const row = rows[i];
      if (row === undefined || !wanted(row)) continue;
      select(i);
      return;
    }
  };
  const isStop = (row: AlignedRow): boolean => isReadable(row.observed) || isReadable(row.golden);
  const isFlagged = ({ observed: row }: AlignedRow): boolean => row !== undefined && row.flags.length > 0;
  const isDifference = ({ mark }: AlignedRow): boolean => mark === 'differs' || mark === 'alone';
  useKeys([
    { keys: ['j', 'ArrowDown'], says: 'next', act: () => move(1, isStop) },
    { keys: ['k', 'ArrowUp'], says: 'previous', act: () => move(-1, isStop) },
    { keys: ['n'], says: 'next finding', act: () => move(1, (row) => isFlagged(row) || isDifference(row)) },
    { keys: ['p'], says: 'previous finding', act: () => move(-1, (row) => isFlagged(row) || isDifference(row)) },
    { keys: ['c'], says: 'next connection', act: () => move(1, ({ observed: row }) => row?.kind === 'opened') },
    { keys: ['g'], says: 'golden', act: () => golden !== undefined && go({ golden: !address.golden }, true) },
    { keys: ['/'], says: 'filter', act: () => search.current?.focus() },
  ]);
  // A case with a finding opens at the frame that it rests on.
  useEffect(() => {
    if (address.frame !== undefined) return;
    const at = rows.findIndex((row) => row.observed?.flags.some(({ finding, decisive }) => finding === 0 && decisive));
    const first = at >= 0 ? at : rows.findIndex(isDifference);
    setFirst(first);
  }, [rows]);
  // On a narrow screen the ladder stands below the story, out of sight of whoever follows a link to a frame.
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (narrow && address.frame !== undefined) section.current?.scrollIntoView({ block: 'start' });
  }, [narrow, address.frame]);
  const [first, setFirst] = useState(-1);
  const row = rows[current];
  const shownRow = row?.[side];
  const partner = row?.[side === 'observed' ? 'golden' : 'observed'];
  return (
    <section class="trace" aria-label="Trace" ref={section}>
      <LadderBar
        filter={filter}
        onFilter={setFilter}
        rows={observed}
        golden={golden === undefined ? undefined : address.golden}
        goldenMissing={evidence.goldenMissing}
        search={search}
        besideSays={names.ends === 'named' ? 'golden' : 'both'}
      />
      <Ladder
        rows={rows}
        run={run}
        beside={beside}
        narrow={narrow}
        current={current}
        currentSide={side}
        toReveal={follow ? rows.length - 1 : current >= 0 ? current : first}
        onSelect={select}
        alignment={evidence.alignment}
        steps={steps}
        names={names}
        scaled={evidence.observed?.timeScale ?? 1}
      />
      {shownRow === undefined || !(isReadable(shownRow) || shownRow.kind === 'step') ? null : (
        <FramePane
          key={`${side} ${shownRow.n}`}
          row={shownRow}
          partner={partner}
          side={side}
          run={run}
          set={set}
          alignment={evidence.alignment}
          steps={steps}
          names={names}
        />
      )}
    </section>
  );
}

/** The names of a run's trace and the golden one. */
function goldenNames({ role, client, server }: LadderRun): SideNames {
  const { name, version } = role === 'client' ? client : server;
  return {
    observed: plain(`observed: ${`${name} ${version}`.trim()}`),
    golden: 'golden: the reference pair',
    short: { observed: 'the observed trace', golden: 'the golden trace' },
    sends: { observed: `${role} sent`, golden: 'the reference sends' },
    member: { observed: 'observed', golden: 'reference' },
    prefix: 'golden',
    ends: 'named',
  };
}

/** Whether there is something to read in a row. */
function isReadable(row: Row | undefined): boolean {
  switch (row?.kind) {
    case 'frame':
    case 'arrival':
    case 'application':
    case 'fault':
    case 'opened':
    case 'closed':
      return true;
    case 'step':
      return row.flags.length > 0;
    default:
      return false;
  }
}

function indexAt(rows: readonly AlignedRow[], n: number | undefined, side: SideName): number {
  if (n === undefined) return -1;
  const exact = rows.findIndex((row) => row[side]?.n === n);
  if (exact >= 0) return exact;
  // A delivery that is drawn with its sending has no row of its own.
  return rows.findIndex((row) => {
    const at = row[side];
    return at?.kind === 'frame' && at.deliveries.some((delivery) => delivery.n === n);
  });
}
