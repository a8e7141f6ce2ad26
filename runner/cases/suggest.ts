/** Edits (insert, delete, replace, swap of neighbours) between two words. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** Longest word that others are compared with, and how many of them: what is longer is no slip of the keyboard, and comparing takes time. */
const LONGEST_WORD = 200;
const MOST_KNOWN = 10_000;

/** Up to `count` of the known words that look like the given one, nearest first; none when nothing is near. */
export function nearest(word: string, known: Iterable<string>, count = 3): string[] {
  if (word.length > LONGEST_WORD) return [];
  const limit = Math.max(2, Math.floor(word.length / 3));
  const lower = word.toLowerCase();
  const near = [...new Set(known)]
    .slice(0, MOST_KNOWN)
    .filter((candidate) => Math.abs(candidate.length - word.length) <= limit || candidate.toLowerCase().includes(lower))
    .map((candidate) => {
      const other = candidate.toLowerCase();
      const part = lower.length >= 3 && other.includes(lower) ? 1 : Number.POSITIVE_INFINITY;
      return { candidate, far: Math.min(distance(lower, other), part) };
    })
    .filter(({ far }) => far <= limit)
    .sort((x, y) => x.far - y.far || (x.candidate < y.candidate ? -1 : 1));
  const best = near[0]?.far ?? 0;
  return near
    .filter(({ far }) => far <= best + 1)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** `did you mean `invoke`?`, or what there is to choose from where nothing is near. */
export function suggestion(word: string, known: Iterable<string>, plural: string): string {
  const all = [...known];
  const near = nearest(word, all);
  if (near.length > 0) return `did you mean ${near.map((item) => `\`${item}\``).join(' or ')}?`;
  if (all.length === 0) return `there are no ${plural}`;
  const shown = all.slice(0, 24);
  return `${plural}: ${shown.join(', ')}${shown.length < all.length ? `, … (${all.length} in all)` : ''}`;
}
