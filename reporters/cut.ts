/** A text of at most so many characters, with a mark where it was cut. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(HALF_PAIR, '')}…`;
}

/** The first half of a character that was cut in two. */
const HALF_PAIR = /[\ud800-\udbff]$/;
