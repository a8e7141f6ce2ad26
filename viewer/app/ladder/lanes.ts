/** Where lanes stand, as shares of the width of a ladder. */

/** A lane and its place. */
export interface Lane {
  readonly id: string;
  readonly at: number;
}

/** The lanes of a ladder, the outer ones `inset` from its edge; what stands between the ends comes between them. */
export function lanesAt(ids: readonly string[], inset: number): Lane[] {
  const step = ids.length < 2 ? 0 : (1 - 2 * inset) / (ids.length - 1);
  return ids.map((id, i) => ({ id, at: inset + i * step }));
}

/** The place of a lane; the middle for one that there is not. */
export function placeOf(lanes: readonly Lane[], id: string): number {
  return lanes.find((lane) => lane.id === id)?.at ?? 0.5;
}

/** A share as CSS takes it. */
export function css(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`;
}

/** All lanes as one background, so that a row need not hold an element for each; those between the ends are dashed. */
export function lanesBackground(lanes: readonly Lane[]): string {
  return lanes
    .map(({ at }, i) => {
      const isEnd = i === 0 || i === lanes.length - 1;
      const line = isEnd
        ? 'linear-gradient(var(--lane), var(--lane))'
        : 'repeating-linear-gradient(var(--lane) 0 3px, transparent 3px 6px)';
      return `${line} ${css(at)} 0 / 1px 100% no-repeat`;
    })
    .join(', ');
}
