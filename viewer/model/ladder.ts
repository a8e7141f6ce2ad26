import type { TraceRecordRead } from '../../runner/bundles/records.ts';
import type { Finding } from '../../runner/results/result.ts';
import type { Side } from './evidence.ts';
import { type Way, waysOf } from './lanes-of.ts';

/** A ladder as data: rows from top to bottom. Pure. */

type Of<T extends TraceRecordRead['type']> = Extract<TraceRecordRead, { readonly type: T }>;

/** A lane: who the frames go between. What stands between the ends comes between them. */
export interface LaneHead {
  readonly id: string;
  readonly label: string;
}

/** What became of a frame between its sender and its receiver. */
export type Fate = 'delivered' | 'altered' | 'dropped' | 'bent';

/** A finding pinned to a row; the decisive one is the frame that the verdict rests on. */
export interface Flag {
  /** Index among the findings of the run. */
  readonly finding: number;
  readonly decisive: boolean;
}

interface RowBase {
  /** `n` of the event that it shows. */
  readonly n: number;
  /** Nominal ms since the run began. */
  readonly t: number;
  /** Real ms since the run began. */
  readonly real: number;
  /** The connection that it is of, where it is of one. */
  readonly connection: number | undefined;
  readonly flags: readonly Flag[];
}

/** One line of a ladder. */
export type Row =
  | (RowBase & { readonly kind: 'opened' })
  | (RowBase & { readonly kind: 'closed'; readonly by: string; readonly how: string; readonly code: number | undefined })
  | (RowBase & {
      readonly kind: 'frame';
      readonly record: Of<'sent'>;
      readonly fate: Fate;
      readonly deliveries: readonly Of<'delivered'>[];
      readonly way: Way;
    })
  | (RowBase & {
      readonly kind: 'arrival';
      readonly record: Of<'delivered'>;
      readonly sent: Of<'sent'> | undefined;
      readonly again: boolean;
      readonly way: Way;
    })
  | (RowBase & { readonly kind: 'fault'; readonly what: string })
  | (RowBase & { readonly kind: 'application'; readonly record: Of<'application'> })
  | (RowBase & { readonly kind: 'step'; readonly step: number })
  | (RowBase & { readonly kind: 'gap'; readonly ms: number; readonly hidden: number })
  | (RowBase & { readonly kind: 'closing' });

/** The ways of the frames of a ladder. */
export function* waysIn(rows: Iterable<Row | undefined>): Generator<Way> {
  for (const row of rows) if (row?.kind === 'frame' || row?.kind === 'arrival') yield row.way;
}

/** A row with a frame. */
export type FrameRow = Extract<Row, { readonly kind: 'frame' | 'arrival' }>;

/** The rows of a kind. */
export type RowOf<K extends Row['kind']> = Extract<Row, { readonly kind: K }>;

/** Nominal ms without anything from which on time is folded. */
const GAP_MS = 200;

/** A frame that the proxy held longer than this, nominal and real ms, is drawn as one that came later. */
const HELD_NOMINAL_MS = 30;
const HELD_REAL_MS = 15;

/** All rows of a trace, in order. Findings are pinned where `pin` says. */
export function ladderRows(side: Side, findings: readonly Finding[] = []): Row[] {
  const { records, timeScale, closing } = side;
  const deliveries = deliveriesOf(records);
  const flags = pinned(records, findings);
  const direct = new Set<number>();
  const ways = waysOf(records);
  const rows: Row[] = [];
  let last = 0;
  for (const record of records) {
    const t = record.t / timeScale;
    const base = { n: record.n, t, real: record.t, flags: flags.get(record.n) ?? NONE };
    const before = rows.length;
    if (record.n === closing) rows.push({ ...base, n: record.n - 0.5, kind: 'closing', connection: undefined, flags: NONE });
    // The step behind the last one is no step of the case: it is when all is taken down.
    const isClosing = record.n === closing && record.type === 'step';
    const row = isClosing ? undefined : rowOf(record, base, deliveries, direct, timeScale, records, ways);
    if (row !== undefined) rows.push(row);
    if (rows.length === before) continue;
    if (before > 0 && t - last >= GAP_MS) {
      rows.splice(before, 0, { ...base, kind: 'gap', n: record.n - 0.75, ms: t - last, hidden: 0, connection: undefined, flags: NONE });
    }
    last = t;
  }
  return rows;
}

const NONE: readonly never[] = [];

function rowOf(
  record: TraceRecordRead,
  base: Omit<RowBase, 'connection'>,
  deliveries: ReadonlyMap<number, Of<'delivered'>[]>,
  direct: Set<number>,
  timeScale: number,
  records: readonly TraceRecordRead[],
  ways: ReturnType<typeof waysOf>,
): Row | undefined {
  switch (record.type) {
    case 'opened':
      return { ...base, kind: 'opened', connection: record.connection };
    case 'closed':
      return { ...base, kind: 'closed', connection: record.connection, by: record.by, how: record.how, code: record.code };
    case 'fault':
      return { ...base, kind: 'fault', connection: record.connection, what: record.what };
    case 'carrier':
      return { ...base, kind: 'fault', connection: record.connection, what: `the ${record.from} ${record.problem.text}` };
    case 'application':
      return { ...base, kind: 'application', connection: undefined, record };
    case 'step':
      return record.phase === 'begin' ? { ...base, kind: 'step', connection: undefined, step: record.step } : undefined;
    case 'sent': {
      const mine = deliveries.get(record.n) ?? [];
      const [first] = mine;
      const bent = first !== undefined && isHeld(record, first, timeScale, records);
      if (first !== undefined && !bent) direct.add(first.n);
      const fate = first === undefined ? 'dropped' : bent ? 'bent' : first.altered ? 'altered' : 'delivered';
      return {
        ...base,
        kind: 'frame',
        connection: record.connection,
        record,
        fate,
        deliveries: mine,
        way: ways(record.connection, record.from),
      };
    }
    case 'delivered': {
      if (direct.has(record.n)) return undefined;
      // Of what was sent before the first record that is held only the arrival is here, which is no sign of a fault.
      if (record.of !== undefined && record.of < (records[0]?.n ?? 0)) return undefined;
      const sent = recordAt(records, record.of);
      const again = record.of !== undefined && deliveries.get(record.of)?.[0]?.n !== record.n;
      return {
        ...base,
        kind: 'arrival',
        connection: record.connection,
        record,
        sent: sent?.type === 'sent' ? sent : undefined,
        again,
        way: ways(record.connection, record.to),
      };
    }
  }
}

/** The record of event `n`; undefined where it is not among them. They follow each other without holes, from any `n` on. */
function recordAt(records: readonly TraceRecordRead[], n: number | undefined): TraceRecordRead | undefined {
  return n === undefined ? undefined : records[n - (records[0]?.n ?? 0)];
}

function deliveriesOf(records: readonly TraceRecordRead[]): Map<number, Of<'delivered'>[]> {
  const deliveries = new Map<number, Of<'delivered'>[]>();
  for (const record of records) {
    if (record.type !== 'delivered' || record.of === undefined) continue;
    const list = deliveries.get(record.of);
    if (list === undefined) deliveries.set(record.of, [record]);
    else list.push(record);
  }
  return deliveries;
}

/** Whether a frame was kept back: for a while, or until a later one had passed it. */
function isHeld(sent: Of<'sent'>, delivered: Of<'delivered'>, timeScale: number, records: readonly TraceRecordRead[]): boolean {
  const real = delivered.t - sent.t;
  if (real > HELD_REAL_MS && real / timeScale > HELD_NOMINAL_MS) return true;
  for (let n = sent.n + 1; n < delivered.n; n += 1) {
    const between = recordAt(records, n);
    if (between === undefined) continue;
    if (between.type === 'fault' && between.connection === sent.connection) return true;
    if (between.type === 'delivered' && between.connection === sent.connection && between.to === delivered.to) {
      if (between.of !== undefined && between.of > sent.n) return true;
    }
  }
  return false;
}

/** Flags by `n`. What a delivered frame shows is pinned to the frame as it was sent; what names no frame, to its step. */
function pinned(records: readonly TraceRecordRead[], findings: readonly Finding[]): ReadonlyMap<number, Flag[]> {
  const flags = new Map<number, Flag[]>();
  const put = (n: number, flag: Flag): void => {
    const list = flags.get(n);
    if (list === undefined) flags.set(n, [flag]);
    else if (!list.some(({ finding }) => finding === flag.finding)) list.push(flag);
  };
  findings.forEach((finding, index) => {
    finding.events.forEach((n, i) => {
      const record = recordAt(records, n);
      const at = record?.type === 'delivered' && record.of !== undefined && !record.altered ? record.of : n;
      put(at, { finding: index, decisive: i === 0 });
    });
    if (finding.events.length > 0 || finding.step === undefined) return;
    const begin = records.find((record) => record.type === 'step' && record.step === finding.step && record.phase === 'begin');
    if (begin !== undefined) put(begin.n, { finding: index, decisive: true });
  });
  return flags;
}
