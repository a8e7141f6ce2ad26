import { plain } from '../../../protocols/common/plain.ts';
import type { AlignedRow, Difference } from '../../model/align-rows.ts';
import type { Band } from '../../model/bands.ts';
import type { Row, RowOf } from '../../model/ladder.ts';
import type { LadderRun } from '../../model/ladder-run.ts';
import { endSays, happeningSays, withoutKind } from '../../model/says.ts';
import type { SideName } from '../../model/side-name.ts';
import { middle, number } from '../../model/text.ts';
import { SHAPES } from '../../model/verdict.ts';
import { standingOf } from '../case/findings.tsx';
import { css, type Lane, placeOf } from './lanes.ts';

/** What all cells of a ladder have in common. */
export interface CellSetting {
  readonly side: SideName;
  /** One ladder shows both traces: what only the golden one has is drawn as a ghost. */
  readonly unified: boolean;
  readonly lanes: readonly Lane[];
  /** Columns of bands. */
  readonly tracks: number;
  /** Characters that fit between the outer lanes. */
  readonly characters: number;
  /** Width of the part with the lanes, px. */
  readonly area: number;
  readonly bands: readonly (readonly Band[])[];
  readonly held: readonly { readonly client: boolean; readonly server: boolean }[];
  /** Differing members by `n` of the observed frame. */
  readonly differing: ReadonlyMap<number, readonly Difference[]>;
  /** What each step says. */
  readonly steps: readonly string[];
}

/** Bands have so many colours; more begin again. */
const HUES = 6;

/** One row of one ladder. */
export function Cell({
  setting,
  row,
  index,
  chosen,
  run,
}: {
  readonly setting: CellSetting;
  readonly row: AlignedRow;
  readonly index: number;
  readonly chosen: boolean;
  readonly run: LadderRun;
}) {
  const { side, unified, lanes, tracks } = setting;
  const ghost = unified && row.observed === undefined && row.golden !== undefined;
  const own = ghost ? row.golden : row[side];
  const passing = setting.bands[index] ?? [];
  const held = setting.held[index];
  const hue = own?.connection === undefined ? '' : ` b${own.connection % HUES}`;
  return (
    <div
      class={`cell${chosen ? ' chosen' : ''}${ghost ? ' ghost' : ''}${own === undefined ? ' nothing' : ''}`}
      data-side={ghost ? 'golden' : side}
    >
      <span class="time" title={own === undefined ? undefined : `${own.real.toFixed(3)} ms`}>
        {own === undefined || own.kind === 'gap' || own.kind === 'step' || own.kind === 'closing' ? '' : number(Math.round(own.t))}
      </span>
      <span class="bands" style={{ width: `${tracks * 5}px` }}>
        {passing.map(({ connection, track, from, to }) => (
          <i
            key={connection}
            class={`band b${connection % HUES}${index === from ? ' first' : ''}${index === to ? ' last' : ''}`}
            style={{ left: `${track * 5}px` }}
            title={`connection ${connection}`}
          />
        ))}
      </span>
      <span class={`area${hue}${own?.kind === 'gap' ? ' folded' : ''}`}>
        {held?.client ? <i class="held" style={{ left: `calc(${css(placeOf(lanes, 'proxy'))} + 3px)` }} /> : null}
        {held?.server ? <i class="held" style={{ left: `calc(${css(placeOf(lanes, 'proxy'))} - 4px)` }} /> : null}
        {own === undefined ? null : <Drawing row={own} setting={setting} mark={row.mark} flags={flagRoom(own, run)} />}
        {own === undefined || own.flags.length === 0 ? null : <Flags row={own} run={run} />}
      </span>
    </div>
  );
}

/** Characters that the flags of a row take from its label. */
function flagRoom({ flags }: Row, run: LadderRun): number {
  return flags
    .slice(0, 3)
    .reduce((sum, { finding, decisive }) => sum + 4 + (decisive ? (run.findings[finding]?.requirement?.length ?? 8) : 0), 0);
}

function Drawing({
  row,
  setting,
  mark,
  flags,
}: {
  readonly row: Row;
  readonly setting: CellSetting;
  readonly mark: AlignedRow['mark'];
  readonly flags: number;
}) {
  const { lanes, characters } = setting;
  switch (row.kind) {
    case 'frame': {
      const { from, summary = '', kind } = row.record;
      const { other: to, via } = row.way;
      const differs = mark === 'differs' ? setting.differing.get(row.n) : undefined;
      const changed = differs === undefined || setting.side === 'golden' ? '' : ` ≠ ${differs.map(({ path }) => path).join(', ')}`;
      return (
        <>
          <Label
            kind={kind}
            summary={withoutKind(summary, kind)}
            extra={changed}
            from={from}
            to={to}
            characters={from === 'broker' ? Math.floor(characters / 2) : characters}
            lanes={lanes}
            flags={flags}
          />
          <Half lanes={lanes} from={from} to={via} end={row.fate === 'dropped' ? 'cross' : row.fate === 'bent' ? 'dot' : 'none'} />
          {row.fate === 'dropped' || row.fate === 'bent' ? null : (
            <Half lanes={lanes} from={via} to={to} end="head" altered={row.fate === 'altered'} />
          )}
        </>
      );
    }
    case 'arrival': {
      const { to, summary = '', altered } = row.record;
      const kind = row.sent?.kind;
      const what = row.sent === undefined ? 'injected' : row.again ? 'again' : altered ? 'altered' : 'later';
      const { other: from, via } = row.way;
      return (
        <>
          <Label
            kind={what}
            summary={kind === undefined ? summary : `${kind} ${withoutKind(summary, kind)}`}
            extra=""
            from={from}
            to={to}
            characters={Math.floor(characters / 2)}
            lanes={lanes}
            flags={0}
            half
          />
          <Half lanes={lanes} from={via} to={to} end="head" altered={altered || row.sent === undefined} injected={row.sent === undefined} />
        </>
      );
    }
    case 'opened':
      return <Note class="opened" text={`connection ${row.connection}`} at="proxy" lanes={lanes} characters={characters} />;
    case 'closed':
      return <Note class="closed" text={`connection ${row.connection} ${endSays(row)}`} at="proxy" lanes={lanes} characters={characters} />;
    case 'fault':
      return <Note class="fault" text={`fault: ${row.what}`} at="proxy" lanes={lanes} characters={characters} />;
    case 'application':
      return <Application row={row} characters={Math.max(8, characters + 12 - flags)} />;
    case 'step':
      return (
        <span class="step-line">
          <b>step {row.step + 1}</b>{' '}
          <span class="mono">{middle(plain(setting.steps[row.step] ?? ''), Math.max(8, characters - 8 - flags))}</span>
        </span>
      );
    case 'gap':
      return (
        <span class="gap-line">
          <b>{number(Math.round(row.ms))} ms</b> {row.hidden === 0 ? 'nothing' : `${number(row.hidden)} hidden`}
        </span>
      );
    case 'closing':
      return <span class="step-line">Weir takes everything down</span>;
  }
}

/** What a frame says, over its arrow; it begins at its sender, and goes on past its receiver where there is room. */
function Label({
  kind,
  summary,
  extra,
  from,
  to,
  characters,
  lanes,
  flags,
  half = false,
}: {
  readonly lanes: readonly Lane[];
  readonly flags: number;
  readonly kind: string | undefined;
  readonly summary: string;
  readonly extra: string;
  readonly from: string;
  readonly to: string;
  readonly characters: number;
  readonly half?: boolean;
}) {
  const tag = kind === undefined ? '' : plain(kind);
  const room = characters - flags - Math.ceil(tag.length * 1.1) - Math.min(extra.length, 40) - 2;
  const inset = lanes[0]?.at ?? 0;
  const start = placeOf(lanes, from);
  const rightward = placeOf(lanes, to) > start;
  const begins = rightward ? start : 1 - start;
  // An arrival says something of its own: the half behind the proxy is its.
  const near = half ? Math.max(begins, 0.5) : begins;
  const [left, right] = rightward ? [near, inset] : [inset, near];
  return (
    <span
      class={`label ${rightward ? 'rightward' : 'leftward'}`}
      style={{ left: css(left), right: `calc(${css(right)} + ${flags * 6}px)` }}
      title={`${tag} ${plain(summary)}${extra}`}
    >
      <b class="tag">{tag}</b> <bdi>{middle(plain(summary), Math.max(4, room))}</bdi>
      {extra === '' ? null : <b class="differs">{middle(extra, 40)}</b>}
    </span>
  );
}

/** One half of an arrow. */
function Half({
  lanes,
  from,
  to,
  end,
  altered = false,
  injected = false,
}: {
  readonly lanes: readonly Lane[];
  readonly from: string;
  readonly to: string;
  readonly end: 'head' | 'cross' | 'dot' | 'none';
  readonly altered?: boolean;
  readonly injected?: boolean;
}) {
  const [a, b] = [placeOf(lanes, from), placeOf(lanes, to)];
  const rightward = b > a;
  return (
    <i
      class={`half ${rightward ? 'rightward' : 'leftward'} end-${end}${altered ? ' altered' : ''}${injected ? ' injected' : ''}`}
      style={{ left: css(Math.min(a, b)), width: css(Math.abs(b - a)) }}
    />
  );
}

/** Something that happened to a connection, at the lane where it did. */
function Note({
  class: name,
  text,
  at,
  lanes,
  characters,
}: {
  readonly class: string;
  readonly text: string;
  readonly at: string;
  readonly lanes: readonly Lane[];
  readonly characters: number;
}) {
  return (
    <span class={`note ${name}`} style={{ left: css(placeOf(lanes, at)) }} title={plain(text)}>
      {middle(plain(text), characters)}
    </span>
  );
}

/** What an application did or was told, at the side of its lane. */
function Application({ row, characters }: { readonly row: RowOf<'application'>; readonly characters: number }) {
  const { role, event } = row.record;
  const says = plain(happeningSays(event));
  const told = event.kind === 'message' || event.kind === 'end' || event.kind === 'status' || event.kind === 'handler';
  return (
    <span class={`application at-${role}`} title={says}>
      <bdi>
        {role === 'client' ? (told ? '◂ ' : '▸ ') : ''}
        {middle(says, characters)}
        {role === 'server' ? (told ? ' ▸' : ' ◂') : ''}
      </bdi>
    </span>
  );
}

/** Findings that rest on a row. */
function Flags({ row, run }: { readonly row: Row; readonly run: LadderRun }) {
  const shown = row.flags.slice(0, 3);
  return (
    <span class="flags">
      {shown.map(({ finding, decisive }) => {
        const found = run.findings[finding];
        if (found === undefined) return null;
        const standing = standingOf(found);
        return (
          <span
            key={finding}
            class={`flag v-${standing}${decisive ? ' decisive' : ''}`}
            title={plain(`${found.requirement ?? found.judge}: ${found.message}`)}
          >
            {SHAPES[standing]} {decisive ? (found.requirement ?? found.judge) : ''}
          </span>
        );
      })}
      {row.flags.length > shown.length ? <span class="flag">+{row.flags.length - shown.length}</span> : null}
    </span>
  );
}
