import { create } from 'xmlbuilder2';
import { oneLine } from '../../protocols/common/plain.ts';
import { type Row, waysIn } from '../../viewer/model/ladder.ts';
import { laneIds, laneLabel } from '../../viewer/model/lanes-of.ts';
import { endSays, happeningSays } from '../../viewer/model/says.ts';
import { middle } from '../../viewer/model/text.ts';

/** Rows that are drawn; a picture of more is none that anybody looks at. */
const MOST_ROWS = 1000;

const ROW = 26;
const TOP = 70;
const WIDTH = 1300;
/** Where the outer lanes stand, and the middle between them, for what is said of all. */
const LEFT = 340;
const MIDDLE = 670;
const RIGHT = 1000;
/** Where times end. */
const TIMES = 84;

/** Longest texts, in characters, of which one takes a little more than 7: on an arrow, at a lane's edge, on a line of its own. */
const LONGEST = { arrow: 86, client: 31, server: 38, note: 110 } as const;

const STYLE = `
  :root { --paper: #ffffff; --ink: #1d2330; --faint: #6b7280; --line: #c9ced8; --good: #2563a8; --bad: #b42318; --odd: #9a5b00; }
  @media (prefers-color-scheme: dark) {
    :root { --paper: #14171d; --ink: #e6e8ec; --faint: #9aa1ad; --line: #3a404c; --good: #7fb2ee; --bad: #ff8a7a; --odd: #f0b357; }
  }
  .paper { fill: var(--paper); }
  text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: var(--ink); }
  .head { font-weight: bold; }
  .title { font-size: 14px; font-weight: bold; }
  .faint { fill: var(--faint); }
  .lane { stroke: var(--line); }
  .span { stroke: var(--line); stroke-dasharray: 3 4; }
  .arrow { stroke: var(--good); fill: none; stroke-width: 1.5; }
  .tip { fill: var(--good); stroke: none; }
  .dropped .arrow, .dropped .tip { stroke: var(--bad); }
  .altered .arrow, .injected .arrow, .late .arrow { stroke: var(--odd); }
  .altered .tip, .injected .tip, .late .tip { fill: var(--odd); }
  .fault text { fill: var(--bad); }
  .halo { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
`;

type Element = ReturnType<typeof create>;
/** The place of each lane. */
type Lanes = Readonly<Record<string, number>>;

/** A ladder as a picture of its own: light and dark, no script, nothing loaded. What others wrote stays text. */
export function svgOf(rows: readonly Row[], title: string): string {
  const shown = rows.filter(({ kind }) => kind !== 'step').slice(0, MOST_ROWS);
  const left = rows.filter(({ kind }) => kind !== 'step').length - shown.length;
  const height = TOP + (shown.length + (left > 0 ? 1 : 0)) * ROW + 20;
  const size = { width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}` };
  const svg = create({ version: '1.0', encoding: 'UTF-8' }).ele('http://www.w3.org/2000/svg', 'svg', { ...size, role: 'img' });
  svg.ele('title').txt(oneLine(title));
  svg.ele('style').txt(STYLE);
  svg.ele('rect', { class: 'paper', width: WIDTH, height });
  text(svg, 16, 24, title, 'title');
  const ids = laneIds(waysIn(rows));
  const lanes = Object.fromEntries(ids.map((id, i) => [id, LEFT + (i * (RIGHT - LEFT)) / (ids.length - 1)]));
  for (const [lane, x] of Object.entries(lanes)) {
    svg.ele('line', { class: 'lane', x1: x, y1: 56, x2: x, y2: height - 10 });
    text(svg, x, 48, laneLabel(lane), 'head', 'middle');
  }
  for (const [i, row] of shown.entries()) draw(svg, lanes, row, TOP + i * ROW + ROW / 2);
  if (left > 0) text(svg, MIDDLE, TOP + shown.length * ROW + ROW / 2, `${left} more rows left out`, 'faint halo', 'middle');
  return `${svg.end({ prettyPrint: true })}\n`;
}

function draw(svg: Element, lanes: Lanes, row: Row, y: number): void {
  const group = svg.ele('g', { class: classOf(row) });
  if (row.kind !== 'gap' && row.kind !== 'closing') text(group, TIMES, y + 4, `${row.t.toFixed(1)} ms`, 'faint', 'end');
  switch (row.kind) {
    case 'opened':
      span(group, y, `connection ${row.connection} opened`);
      break;
    case 'closed':
      span(group, y, `connection ${row.connection} ${endSays(row)}`);
      break;
    case 'frame': {
      const { from, summary = '' } = row.record;
      const { other, via } = row.way;
      const passes = row.fate === 'delivered' || row.fate === 'altered';
      arrow(group, lanes, from, passes ? other : via, y, row.fate === 'dropped');
      const altered = row.fate === 'altered' ? ` → ${row.deliveries[0]?.summary ?? ''}` : '';
      says(group, lanes, passes ? [from, other] : [from, via], y, `${summary}${altered}`);
      break;
    }
    case 'arrival': {
      const { to, summary = '', altered } = row.record;
      const how = row.sent === undefined ? 'injected' : row.again ? 'again' : altered ? 'altered' : 'late';
      arrow(group, lanes, row.way.via, to, y, false);
      says(group, lanes, [row.way.via, to], y, `${how}: ${summary}`);
      break;
    }
    case 'fault':
      text(group, MIDDLE, y + 4, middle(`fault: ${row.what}`, LONGEST.note), 'halo', 'middle');
      break;
    case 'application': {
      const { role, event } = row.record;
      const said = middle(happeningSays(event), LONGEST[role]);
      if (role === 'client') text(group, LEFT - 10, y + 4, said, '', 'end');
      else text(group, RIGHT + 10, y + 4, said, '');
      break;
    }
    case 'gap':
      text(group, MIDDLE, y + 4, `${Math.round(row.ms)} ms nothing`, 'faint halo', 'middle');
      break;
    case 'closing':
      text(group, MIDDLE, y + 4, 'Weir takes everything down', 'faint halo', 'middle');
      break;
    case 'step':
      break;
  }
}

function classOf(row: Row): string {
  if (row.kind === 'frame') return row.fate === 'bent' ? 'late' : row.fate;
  if (row.kind === 'arrival') return row.sent === undefined ? 'injected' : row.record.altered ? 'altered' : 'late';
  return row.kind;
}

function span(group: Element, y: number, said: string): void {
  group.ele('line', { class: 'span', x1: LEFT, y1: y, x2: RIGHT, y2: y });
  text(group, MIDDLE, y + 4, said, 'faint halo', 'middle');
}

function arrow(group: Element, lanes: Lanes, from: string, to: string, y: number, crossed: boolean): void {
  const [x1, x2] = [lanes[from] ?? MIDDLE, lanes[to] ?? MIDDLE];
  const way = x2 > x1 ? 1 : -1;
  const end = crossed ? x2 - way * 16 : x2;
  group.ele('line', { class: 'arrow', x1, y1: y + 6, x2: end - way * (crossed ? 0 : 6), y2: y + 6 });
  if (crossed) group.ele('path', { class: 'arrow', d: `M${end - 5} ${y + 1}l10 10m0 -10l-10 10` });
  else group.ele('path', { class: 'tip', d: `M${end} ${y + 6}l${-8 * way} -4v8z` });
}

/** The text of a frame, above its arrow. */
function says(group: Element, lanes: Lanes, [from, to]: readonly [string, string], y: number, said: string): void {
  const [x1, x2] = [lanes[from] ?? MIDDLE, lanes[to] ?? MIDDLE];
  const share = Math.abs(x2 - x1) / (RIGHT - LEFT);
  text(group, (x1 + x2) / 2, y + 1, middle(said, Math.floor(LONGEST.arrow * share)), 'halo', 'middle');
}

function text(parent: Element, x: number, y: number, said: string, kind: string, anchor: 'start' | 'middle' | 'end' = 'start'): void {
  parent.ele('text', { x, y, 'text-anchor': anchor, ...(kind === '' ? {} : { class: kind }) }).txt(oneLine(said));
}
