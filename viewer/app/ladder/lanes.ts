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
