/**
 * The shortest list that still shows what it should: leaves out runs of items, halves first, then ever smaller ones, from the end.
 * What is left shows it, and shows it no more without any single one of its items, unless `over` came first.
 */
export async function shortest<T>(
  items: readonly T[],
  shows: (items: readonly T[]) => Promise<boolean>,
  over: () => boolean,
): Promise<readonly T[]> {
  let kept = items;
  for (let size = Math.max(1, Math.ceil(kept.length / 2)); ; size = Math.ceil(size / 2)) {
    let shrunk = false;
    for (let end = kept.length; end > 0; end -= size) {
      if (over()) return kept;
      const start = Math.max(0, end - size);
      const fewer = [...kept.slice(0, start), ...kept.slice(end)];
      if (fewer.length > 0 && (await shows(fewer))) {
        kept = fewer;
        shrunk = true;
      }
    }
    // A single item may have become needless by what went after it.
    if (size === 1 && !shrunk) return kept;
  }
}
