import type { Party } from '../../protocols/common/frame.ts';
import type { Lane, NormalItem, NormalisedTrace, VariationRule } from '../../protocols/common/normalise.ts';
import { show } from '../../protocols/common/show.ts';
import { isPlainObject, sameValue } from '../../protocols/common/value.ts';

/** The first place where a lane differs from the golden one. */
export interface Divergence {
  readonly lane: string;
  readonly from: Party;
  /** Index in the lane. */
  readonly index: number;
  readonly observed: NormalItem | undefined;
  readonly golden: NormalItem | undefined;
  /** Path of the first differing member (`payload.ok`), `kind` where the kinds differ, `missing` or `extra`. */
  readonly field: string;
  /** One sentence. */
  readonly message: string;
}

/** What comparing two normalised traces yields. */
export interface TraceComparison {
  readonly divergences: readonly Divergence[];
  /** Names of the variation rules without which there would be more divergences. */
  readonly applied: readonly string[];
}

/** Compares lane by lane and direction by direction; the order between lanes is free. At most one divergence a lane. */
export function compareTraces(
  observed: NormalisedTrace,
  golden: NormalisedTrace,
  rules: readonly VariationRule[],
  kindOf: (laneName: string) => string | undefined,
): TraceComparison {
  const divergences: Divergence[] = [];
  const applied = new Set<string>();
  for (const [seen, wanted] of pairLanes(observed, golden)) {
    const first = firstDivergence(seen, wanted);
    if (first === undefined) continue;
    const settled = settleByRules(seen, wanted, rules, kindOf);
    for (const rule of settled.rules) applied.add(rule);
    if (settled.divergence !== undefined) divergences.push(settled.divergence);
  }
  return { divergences, applied: [...applied] };
}

/** The lanes of both traces that stand for the same stream and direction; what one side has not is empty there. */
export function pairLanes(observed: NormalisedTrace, golden: NormalisedTrace): [Lane, Lane][] {
  const key = (lane: Lane): string => `${lane.from} ${lane.name}`;
  const wanted = new Map(golden.lanes.map((lane) => [key(lane), lane]));
  const pairs: [Lane, Lane][] = [];
  for (const lane of observed.lanes) {
    pairs.push([lane, wanted.get(key(lane)) ?? { ...lane, items: [] }]);
    wanted.delete(key(lane));
  }
  for (const lane of wanted.values()) pairs.push([{ ...lane, items: [] }, lane]);
  return pairs;
}

/** Adds the rules one by one until the lanes agree, then leaves out those that were not needed for it. */
function settleByRules(
  seen: Lane,
  wanted: Lane,
  rules: readonly VariationRule[],
  kindOf: (laneName: string) => string | undefined,
): { divergence: Divergence | undefined; rules: string[] } {
  const rewrite = (lane: Lane, chosen: readonly VariationRule[]): Lane =>
    chosen.reduce((current, rule) => rule.canonical(current, { kindOf }), lane);
  const differ = (chosen: readonly VariationRule[]): Divergence | undefined =>
    firstDivergence(rewrite(seen, chosen), rewrite(wanted, chosen));
  const relevant = rules.filter((rule) => !sameLane(rewrite(seen, [rule]), seen) || !sameLane(rewrite(wanted, [rule]), wanted));
  const divergence = differ(relevant);
  if (divergence !== undefined) return { divergence, rules: [] };
  let needed = relevant;
  for (const rule of relevant) {
    const without = needed.filter((other) => other !== rule);
    if (differ(without) === undefined) needed = without;
  }
  return { divergence: undefined, rules: needed.map((rule) => rule.name) };
}

function sameLane(a: Lane, b: Lane): boolean {
  return a.items.length === b.items.length && a.items.every((item, i) => sameItem(item, b.items[i]));
}

/** Whether two items are the same to the judge. */
export function sameItem(a: NormalItem, b: NormalItem | undefined): boolean {
  return b !== undefined && a.kind === b.kind && sameValue(a.value, b.value);
}

function firstDivergence(seen: Lane, wanted: Lane): Divergence | undefined {
  const length = Math.max(seen.items.length, wanted.items.length);
  for (let index = 0; index < length; index += 1) {
    const observed = seen.items[index];
    const golden = wanted.items[index];
    if (observed !== undefined && sameItem(observed, golden)) continue;
    return { lane: seen.name, from: seen.from, index, observed, golden, ...explain(seen, observed, golden) };
  }
  return undefined;
}

function explain(lane: Lane, observed: NormalItem | undefined, golden: NormalItem | undefined): { field: string; message: string } {
  const where = `${lane.from} on ${lane.name}`;
  if (observed === undefined) return { field: 'missing', message: `${where}: did not send ${describe(golden)}` };
  if (golden === undefined)
    return { field: 'extra', message: `${where}: sent ${describe(observed)}, which the reference peer does not send` };
  if (observed.kind !== golden.kind) {
    return { field: 'kind', message: `${where}: sent ${describe(observed)} where the reference peer sends ${describe(golden)}` };
  }
  const difference = firstDifference(observed.value, golden.value, '');
  const field = difference?.path ?? 'value';
  return {
    field,
    message: `${where}: ${observed.kind} differs at ${field}: sent ${show(difference?.a)}, the reference peer sends ${show(difference?.b)}`,
  };
}

function describe(item: NormalItem | undefined): string {
  return item === undefined ? 'nothing' : `${item.kind} ${show(item.value)}`;
}

/** The first member in which two values differ; undefined when they are the same. */
export function firstDifference(a: unknown, b: unknown, path: string): { path: string; a: unknown; b: unknown } | undefined {
  if (sameValue(a, b)) return undefined;
  const at = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
      const found = firstDifference(a[i], b[i], at(i));
      if (found !== undefined) return found;
    }
  }
  if (isPlainObject(a) && isPlainObject(b)) {
    for (const key of new Set([...Object.keys(b), ...Object.keys(a)])) {
      const found = firstDifference(Object.hasOwn(a, key) ? a[key] : undefined, Object.hasOwn(b, key) ? b[key] : undefined, at(key));
      if (found !== undefined) return found;
    }
  }
  return { path: path || 'value', a, b };
}
