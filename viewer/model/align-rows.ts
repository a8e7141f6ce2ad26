import { diffArrays } from 'diff/lib/diff/array.js';
import type { Alignment } from '../../runner/results/alignment.ts';
import type { Row } from './ladder.ts';

/** How a row of one ladder stands to the other. */
export type Mark =
  /** The same on both sides, or not compared. */
  | 'same'
  /** Members of the message differ. */
  | 'differs'
  /** Only here. */
  | 'alone'
  /** The same is on the other side, at another place. */
  | 'elsewhere';

/** Rows that stand beside each other; one side may have nothing. */
export interface AlignedRow {
  readonly observed: Row | undefined;
  readonly golden: Row | undefined;
  readonly mark: Mark;
}

/** A member in which two frames differ. */
export type Difference = NonNullable<Alignment['pairs'][number]['differs']>[number];

/** Longest stretch between two pairs in which rows are matched by what they say. */
const LONGEST_STRETCH = 2000;

/** Rows of both ladders beside each other, frames as the judge paired them, the rest by what it says. */
export function alignRows(observed: readonly Row[], golden: readonly Row[], alignment: Alignment | undefined): AlignedRow[] {
  const pairs = pairsOf(observed, golden, alignment);
  const matched = new Set(pairs.map(({ left }) => left));
  const marks = marksOf(alignment);
  const rows: AlignedRow[] = [];
  const one = (row: Row, side: 'observed' | 'golden'): void => {
    const mark = marks[side].get(row.n) ?? 'same';
    rows.push({
      observed: side === 'observed' ? row : undefined,
      golden: side === 'golden' ? row : undefined,
      mark: mark === 'differs' ? 'differs' : mark === 'paired' ? 'elsewhere' : mark,
    });
  };
  /** When both sides last said the same. */
  let since = { observed: 0, golden: 0 };
  const apart = (mine: readonly Row[], theirs: readonly Row[]): void => {
    let next = 0;
    for (const row of mine) {
      for (let other = theirs[next]; other !== undefined && other.t - since.golden < row.t - since.observed; other = theirs[next]) {
        one(other, 'golden');
        next += 1;
      }
      one(row, 'observed');
    }
    for (const row of theirs.slice(next)) one(row, 'golden');
  };
  const two = (left: Row, right: Row): void => {
    since = { observed: left.t, golden: right.t };
    const mark = marks.observed.get(left.n);
    rows.push({ observed: left, golden: right, mark: mark === 'differs' ? 'differs' : 'same' });
  };
  let [l, r] = [0, 0];
  for (const { left, right } of [...pairs, { left: observed.length, right: golden.length }]) {
    stretch(observed.slice(l, left), golden.slice(r, right), apart, two);
    const [mine, theirs] = [observed[left], golden[right]];
    if (mine !== undefined && theirs !== undefined && matched.has(left)) two(mine, theirs);
    [l, r] = [left + 1, right + 1];
  }
  return rows;
}

/** Rows between two pairs: what says the same stands beside each other; what does not, in the order of time since it last did. */
function stretch(
  left: readonly Row[],
  right: readonly Row[],
  apart: (left: readonly Row[], right: readonly Row[]) => void,
  two: (left: Row, right: Row) => void,
): void {
  if (left.length === 0 || right.length === 0 || left.length + right.length > LONGEST_STRETCH) {
    apart(left, right);
    return;
  }
  let [l, r] = [0, 0];
  let [mine, theirs]: [readonly Row[], readonly Row[]] = [[], []];
  const parts = diffArrays(
    right.map((row) => sayingOf(row, 'golden')),
    left.map((row) => sayingOf(row, 'observed')),
  );
  for (const part of parts) {
    const count = part.value.length;
    if (part.removed) {
      theirs = right.slice(r, r + count);
      r += count;
    } else if (part.added) {
      mine = left.slice(l, l + count);
      l += count;
    } else {
      apart(mine, theirs);
      [mine, theirs] = [[], []];
      for (let i = 0; i < count; i += 1) {
        const [a, b] = [left[l++], right[r++]];
        if (a !== undefined && b !== undefined) two(a, b);
      }
    }
  }
  apart(mine, theirs);
}

/** What a row says; frames are matched by the judge alone, but for those it sets aside. */
function sayingOf(row: Row, side: 'observed' | 'golden'): string {
  switch (row.kind) {
    case 'frame':
      return row.record.stream === undefined ? `set aside ${row.record.from} ${row.record.kind ?? ''}` : `${side} frame ${row.n}`;
    case 'arrival':
      return `${side} arrival ${row.n}`;
    case 'application':
      return `${row.record.role} ${JSON.stringify(row.record.event)}`;
    case 'step':
      return `step ${row.step}`;
    case 'opened':
      return `opened ${row.connection}`;
    case 'closed':
      return `closed ${row.connection} ${row.by} ${row.how}`;
    case 'fault':
      return `fault ${row.what}`;
    case 'gap':
    case 'closing':
      return row.kind;
  }
}

interface Pair {
  readonly left: number;
  readonly right: number;
}

/** The pairs of the judge as indices of rows, as many of them as keep their order. */
function pairsOf(observed: readonly Row[], golden: readonly Row[], alignment: Alignment | undefined): Pair[] {
  const indexOf = (rows: readonly Row[]): Map<number, number> =>
    new Map(rows.flatMap((row, i) => (row.kind === 'frame' ? [[row.n, i]] : [])));
  const [lefts, rights] = [indexOf(observed), indexOf(golden)];
  const pairs = (alignment?.pairs ?? []).flatMap((pair): Pair[] => {
    const [left, right] = [lefts.get(pair.observed), rights.get(pair.golden)];
    return left === undefined || right === undefined ? [] : [{ left, right }];
  });
  return longestRising(pairs.sort((a, b) => a.left - b.left));
}

/** The longest subsequence whose right sides rise; patience sorting. */
function longestRising(pairs: readonly Pair[]): Pair[] {
  const tails: number[] = [];
  const before: number[] = [];
  pairs.forEach(({ right }, i) => {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const mid = (low + high) >> 1;
      if ((pairs[tails[mid] ?? 0]?.right ?? 0) < right) low = mid + 1;
      else high = mid;
    }
    before[i] = low === 0 ? -1 : (tails[low - 1] ?? -1);
    tails[low] = i;
  });
  const rising: Pair[] = [];
  for (let i = tails.at(-1) ?? -1; i >= 0; i = before[i] ?? -1) {
    const pair = pairs[i];
    if (pair !== undefined) rising.push(pair);
  }
  return rising.reverse();
}

function marksOf(alignment: Alignment | undefined): Record<'observed' | 'golden', Map<number, 'alone' | 'differs' | 'paired'>> {
  const marks = { observed: new Map<number, 'alone' | 'differs' | 'paired'>(), golden: new Map<number, 'alone' | 'differs' | 'paired'>() };
  for (const { observed, golden, differs } of alignment?.pairs ?? []) {
    marks.observed.set(observed, differs === undefined ? 'paired' : 'differs');
    marks.golden.set(golden, differs === undefined ? 'paired' : 'differs');
  }
  for (const n of alignment?.alone.observed ?? []) marks.observed.set(n, 'alone');
  for (const n of alignment?.alone.golden ?? []) marks.golden.set(n, 'alone');
  return marks;
}
