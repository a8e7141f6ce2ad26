/** A word as a shell takes it: in quotes where it has to be. */
export function shellWord(text: string): string {
  return /^[\w@+.:/-]+$/.test(text) ? text : inQuotes(text);
}

/** A word as a shell takes it, in quotes in any case. */
export function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
