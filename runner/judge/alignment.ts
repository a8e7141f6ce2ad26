import { diffArrays } from 'diff/lib/diff/array.js';
import type { Lane, NormalItem, NormalisedTrace, VariationRule } from '../../protocols/common/normalise.ts';
import { isPlainObject, sameValue, toTagged } from '../../protocols/common/value.ts';
import type { Alignment } from '../results/alignment.ts';
import { pairLanes, sameItem } from './trace-diff.ts';

/** Items of a lane up to which the longest common sequence is looked for; longer lanes are paired index by index. */
const LONGEST_LANE = 2000;

/** Differing members that are named of one pair. */
const MOST_MEMBERS = 12;

/**
 * Lays two traces beside each other as the trace judge compares them: lane by lane, in the form that all variation rules leave.
 * Equal items are paired; where both sides have something else in between, items are paired in order and their differing members
 * named, masked by `redact`. Pure.
 */
export function alignTraces(
  observed: NormalisedTrace,
  golden: NormalisedTrace,
  rules: readonly VariationRule[],
  kindOf: (laneName: string) => string | undefined,
  redact: (value: unknown) => unknown,
): Alignment {
  const canonical = (lane: Lane): Lane => rules.reduce((current, rule) => rule.canonical(current, { kindOf }), lane);
  const pairs: Alignment['pairs'] = [];
  const alone: Alignment['alone'] = { observed: [], golden: [] };
  for (const [seen, wanted] of pairLanes(observed, golden)) {
    for (const [mine, theirs] of pairItems(canonical(seen).items, canonical(wanted).items)) {
      const [o, g] = [mine?.events[0], theirs?.events[0]];
      if (mine !== undefined && theirs !== undefined && o !== undefined && g !== undefined) {
        const differs = sameItem(mine, theirs) ? [] : differences(mine, theirs, redact);
        pairs.push({ observed: o, golden: g, ...(differs.length === 0 ? {} : { differs }) }, ...repetitions(mine, theirs));
      } else if (o !== undefined) alone.observed.push(o);
      else if (g !== undefined) alone.golden.push(g);
    }
  }
  return { pairs, alone };
}

/** What was sent again on both sides, the first time beside the first; one side may have done so more often. */
function repetitions(mine: NormalItem, theirs: NormalItem): Alignment['pairs'] {
  return mine.events.slice(1).flatMap((observed, i) => {
    const golden = theirs.events[i + 1];
    return golden === undefined ? [] : [{ observed, golden }];
  });
}

type Pair = readonly [observed: NormalItem | undefined, golden: NormalItem | undefined];

function pairItems(seen: readonly NormalItem[], wanted: readonly NormalItem[]): Pair[] {
  if (Math.max(seen.length, wanted.length) > LONGEST_LANE) return abreast(seen, wanted);
  const pairs: Pair[] = [];
  let [left, right] = [0, 0];
  /** What differs since the last equal items. */
  let [mine, theirs]: [NormalItem[], NormalItem[]] = [[], []];
  const settle = (): void => {
    pairs.push(...alike(mine, theirs));
    [mine, theirs] = [[], []];
  };
  for (const part of diffArrays([...wanted], [...seen], { comparator: sameItem })) {
    const count = part.value.length;
    if (part.added) {
      mine.push(...seen.slice(left, left + count));
      left += count;
    } else if (part.removed) {
      theirs.push(...wanted.slice(right, right + count));
      right += count;
    } else {
      settle();
      pairs.push(...abreast(seen.slice(left, left + count), wanted.slice(right, right + count)));
      left += count;
      right += count;
    }
  }
  settle();
  return pairs;
}

/** Items by index; the longer list's rest stands alone. */
function abreast(mine: readonly NormalItem[], theirs: readonly NormalItem[]): Pair[] {
  return Array.from({ length: Math.max(mine.length, theirs.length) }, (_, i): Pair => [mine[i], theirs[i]]);
}

/** Pairs items of one kind, in order; what has no counterpart of its kind stands alone. Two that are alone together are a pair. */
function alike(mine: readonly NormalItem[], theirs: readonly NormalItem[]): Pair[] {
  if (mine.length === 1 && theirs.length === 1) return abreast(mine, theirs);
  const pairs: Pair[] = [];
  let next = 0;
  for (const item of mine) {
    const found = theirs.findIndex(({ kind }, i) => i >= next && kind === item.kind);
    if (found < 0) pairs.push([item, undefined]);
    else {
      for (const skipped of theirs.slice(next, found)) pairs.push([undefined, skipped]);
      pairs.push([item, theirs[found]]);
      next = found + 1;
    }
  }
  for (const rest of theirs.slice(next)) pairs.push([undefined, rest]);
  return pairs;
}

type Differences = NonNullable<Alignment['pairs'][number]['differs']>;

function differences(mine: NormalItem, theirs: NormalItem, redact: (value: unknown) => unknown): Differences {
  const found: Differences = [];
  if (mine.kind !== theirs.kind) found.push({ path: 'kind', observed: mine.kind, golden: theirs.kind });
  collect(redact(mine.value), redact(theirs.value), '', found);
  return found;
}

function collect(a: unknown, b: unknown, path: string, found: Differences): void {
  if (found.length >= MOST_MEMBERS || sameValue(a, b)) return;
  const at = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.max(a.length, b.length); i += 1) collect(a[i], b[i], at(i), found);
  } else if (isPlainObject(a) && isPlainObject(b)) {
    for (const key of new Set([...Object.keys(b), ...Object.keys(a)])) {
      collect(Object.hasOwn(a, key) ? a[key] : undefined, Object.hasOwn(b, key) ? b[key] : undefined, at(key), found);
    }
  } else found.push({ path: path || 'value', observed: toTagged(a), golden: toTagged(b) });
}
