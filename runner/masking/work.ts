/** Units that may be compared in a text: for each of its own, and in any. A secret that repeats itself is nearly found at a great many places. */
const PATIENCE = { each: 100, all: 20_000_000 };

/** Units that a search through the text costs for each of its own: it is not ours, and quick. */
export const SEARCHED = 1 / 16;

/** What may still be compared of a text; below 0 it has taken too long. */
export interface Work {
  left: number;
}

/** What may be compared of a text of so many units. */
export function workFor(units: number): Work {
  return { left: PATIENCE.all + PATIENCE.each * units };
}
