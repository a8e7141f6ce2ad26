/** Whether a name fits a pattern of Redis: `*`, `?`, `[a-c]`, `[^a]` and `\` before what stands for itself. */
export function matches(pattern: string, name: string): boolean {
  /** Where the latest star stands, and how far it has eaten. */
  let star: { readonly at: number; eaten: number } | undefined;
  let [p, n] = [0, 0];
  while (n < name.length) {
    const one = pattern[p] === '*' ? undefined : matchOne(pattern, p, name[n] ?? '');
    if (pattern[p] === '*') {
      star = { at: p, eaten: n };
      p += 1;
    } else if (one?.fits) {
      p = one.end;
      n += 1;
    } else if (star !== undefined) {
      star.eaten += 1;
      n = star.eaten;
      p = star.at + 1;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p >= pattern.length;
}

/** Whether what stands at `p` fits a character, and where it ends. */
function matchOne(pattern: string, p: number, character: string): { readonly fits: boolean; readonly end: number } {
  const first = pattern[p];
  if (first === undefined) return { fits: false, end: p };
  if (first === '?') return { fits: true, end: p + 1 };
  if (first === '\\' && p + 1 < pattern.length) return { fits: pattern[p + 1] === character, end: p + 2 };
  if (first !== '[') return { fits: first === character, end: p + 1 };
  let at = p + 1;
  const isNot = pattern[at] === '^';
  if (isNot) at += 1;
  let fits = false;
  while (at < pattern.length && pattern[at] !== ']') {
    if (pattern[at] === '\\' && at + 1 < pattern.length) {
      at += 1;
      fits ||= pattern[at] === character;
    } else if (pattern[at + 1] === '-' && at + 2 < pattern.length) {
      const [low, high] = [pattern[at] ?? '', pattern[at + 2] ?? ''].sort();
      fits ||= (low ?? '') <= character && character <= (high ?? '');
      at += 2;
    } else fits ||= pattern[at] === character;
    at += 1;
  }
  return { fits: fits !== isNot, end: at + 1 };
}
