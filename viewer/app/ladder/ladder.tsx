import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import type { Alignment } from '../../../runner/results/alignment.ts';
import type { CaseRun } from '../../../runner/results/result.ts';
import type { AlignedRow } from '../../model/align-rows.ts';
import { bandsByRow, bandsOf, heldByRow } from '../../model/bands.ts';
import { waysIn } from '../../model/ladder.ts';
import type { LadderRun } from '../../model/ladder-run.ts';
import { laneIds, laneLabel } from '../../model/lanes-of.ts';
import { rowSays } from '../../model/says.ts';
import type { SideName, SideNames } from '../../model/side-name.ts';
import { reveal, useStretch } from '../parts/window.ts';
import { Cell, type CellSetting } from './cell.tsx';
import { css, lanesAt, lanesBackground } from './lanes.ts';

/** Height of a row and of the heads of the lanes, px. */
const ROW = 28;
const HEAD = 44;

/** Width of a character of a summary, px: of the widest of the fonts that may be there. */
const CHARACTER = 7.3;

/** One or two ladders. Only the rows in sight are made; to a screen reader it is a list. */
export function Ladder({
  rows,
  run,
  beside,
  narrow,
  current,
  currentSide,
  toReveal,
  onSelect,
  alignment,
  scaled,
  steps,
  names,
}: {
  readonly rows: readonly AlignedRow[];
  readonly run: LadderRun;
  readonly beside: boolean;
  readonly narrow: boolean;
  readonly current: number;
  readonly currentSide: SideName;
  readonly toReveal: number;
  readonly onSelect: (index: number, side?: SideName) => void;
  readonly alignment: Alignment | undefined;
  readonly scaled: number;
  readonly steps: readonly string[];
  readonly names: SideNames;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const { from, to } = useStretch(scroller, list, rows.length, ROW);
  const width = useWidth(scroller);
  // What opens below the ladder, once a row is looked at, takes of its height.
  const isOpen = current >= 0;
  useEffect(() => reveal(scroller.current, list.current, toReveal, ROW, HEAD), [toReveal, rows, isOpen]);
  const sides: readonly SideName[] = beside && !narrow ? ['observed', 'golden'] : ['observed'];
  const settings = useSettings(rows, run, sides, beside, narrow, width, alignment, steps);
  return (
    <div
      class={`ladder${beside ? ' beside' : ''}${narrow ? ' narrow' : ''}`}
      ref={scroller}
      style={{ '--lanes': lanesBackground(settings[0]?.lanes ?? []), '--ghost': `"${names.prefix} "` }}
    >
      <div class="lane-heads">
        {settings.map((setting) => (
          <div class="lane-head" key={setting.side}>
            <span
              class="time dim"
              title={scaled === 1 ? 'ms since the run began' : `nominal ms since the run began; each took ${scaled} ms in this run`}
            >
              ms
            </span>
            <span class="bands" style={{ width: `${setting.tracks * 5}px` }} />
            <span class="area">
              {beside && !narrow ? <span class="side-name">{names[setting.side]}</span> : null}
              {setting.lanes.map(({ id, at }) => (
                <span
                  key={id}
                  class={`lane-name lane-${id}`}
                  style={{ left: css(at) }}
                  title={names.ends === 'named' ? labelOf(id, run, setting.side) : `the ${laneLabel(id)}`}
                >
                  <b>{laneLabel(id)}</b>
                  {beside || setting.lanes.length > 3 || (id !== 'client' && id !== 'server') || isNameless(run[id], id) ? null : (
                    <span class="dim"> {nameOf(run[id])}</span>
                  )}
                </span>
              ))}
            </span>
          </div>
        ))}
      </div>
      <div
        class="ladder-rows"
        role="listbox"
        tabIndex={0}
        aria-label="Frames and events, from the first to the last"
        aria-activedescendant={current < 0 ? undefined : `row-${current}`}
        ref={list}
        style={{ height: `${rows.length * ROW}px` }}
      >
        <div class="made" style={{ transform: `translateY(${from * ROW}px)` }} role="presentation">
          {rows.slice(from, to).map((row, i) => {
            const index = from + i;
            const chosen = index === current;
            return (
              <div
                key={`${row.observed?.n ?? ''} ${row.golden?.n ?? ''}`}
                id={`row-${index}`}
                role="option"
                aria-selected={chosen}
                aria-posinset={index + 1}
                aria-setsize={rows.length}
                class={`ladder-row m-${row.mark}${chosen ? ' current' : ''}`}
                onClick={(event) => onSelect(index, sideOf(event))}
              >
                <span class="sr">{plain(saysOf(row, beside, run, names))}</span>
                <div class="cells" aria-hidden="true">
                  {settings.map((setting) => (
                    <Cell
                      key={setting.side}
                      setting={setting}
                      row={row}
                      index={index}
                      chosen={chosen && setting.side === currentSide}
                      run={run}
                    />
                  ))}
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function useSettings(
  rows: readonly AlignedRow[],
  run: LadderRun,
  sides: readonly SideName[],
  beside: boolean,
  narrow: boolean,
  width: number,
  alignment: Alignment | undefined,
  steps: readonly string[],
): readonly CellSetting[] {
  const key = sides.join(' ');
  return useMemo(() => {
    const differing = new Map(
      (alignment?.pairs ?? []).flatMap((pair) => (pair.differs === undefined ? [] : [[pair.observed, pair.differs] as const])),
    );
    return sides.map((side): CellSetting => {
      const own = rows.map((row) => row[side]);
      const bands = bandsOf(own);
      const tracks = bands.reduce((most, { track }) => Math.max(most, track + 1), 0);
      const time = narrow ? 40 : 52;
      const area = Math.max(120, width / sides.length - time - tracks * 5 - 8);
      const inset = narrow ? 0.03 : sides.length > 1 ? 0.05 : Math.min(0.14, 130 / area);
      const lanes = lanesAt(laneIds(waysIn(own)), inset);
      const characters = Math.max(8, Math.floor((area * (1 - 2 * inset)) / CHARACTER));
      return {
        side,
        unified: beside && narrow,
        lanes,
        tracks,
        characters,
        area,
        bands: bandsByRow(bands, rows.length),
        held: heldByRow(own),
        differing,
        steps,
      };
    });
  }, [rows, run, key, beside, narrow, width, alignment]);
}

function useWidth(of: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(800);
  useLayoutEffect(() => {
    const element = of.current;
    if (element === null) return;
    const watcher = new ResizeObserver(() => setWidth(element.clientWidth));
    watcher.observe(element);
    setWidth(element.clientWidth);
    return () => watcher.disconnect();
  }, []);
  return width;
}

/** The side of the cell that was clicked. */
function sideOf(event: MouseEvent): SideName | undefined {
  const cell = event.target instanceof Element ? event.target.closest('[data-side]') : null;
  const side = cell?.getAttribute('data-side');
  return side === 'golden' || side === 'observed' ? side : undefined;
}

function saysOf({ observed, golden, mark }: AlignedRow, beside: boolean, run: LadderRun, names: SideNames): string {
  const flags = (observed?.flags ?? []).map(({ finding }) => run.findings[finding]?.requirement ?? run.findings[finding]?.judge ?? '');
  const flagged = flags.length === 0 ? '' : `, breaks ${flags.join(' and ')}`;
  if (observed === undefined) return golden === undefined ? '' : `only in ${names.short.golden}: ${rowSays(golden)}`;
  const only = beside && golden === undefined && mark === 'alone' ? `only in ${names.short.observed}: ` : '';
  return `${only}${rowSays(observed)}${mark === 'differs' ? `, differs from ${names.short.golden}` : ''}${flagged}`;
}

/** Whether nothing is known of an end beyond what it is, as of traffic of strangers. */
function isNameless({ name, version }: CaseRun['client'], id: string): boolean {
  return version === '' && (name === '' || name === id);
}

function nameOf({ name, version }: CaseRun['client']): string {
  return plain(version === '' ? name : `${name} ${version}`);
}

function labelOf(id: string, run: LadderRun, side: SideName): string {
  if (laneLabel(id) === 'proxy') return 'the proxy, which records every frame and injects faults';
  if (id === 'broker') return 'the broker, which both ends dial';
  return side === 'golden' ? `reference ${id}` : `${id}: ${nameOf(id === 'client' ? run.client : run.server)}`;
}
