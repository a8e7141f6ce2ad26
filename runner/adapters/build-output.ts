/** A line in which a tool says that something is wrong: `error[E0308]: …`, `[ERROR] …`, or a place in a file and what is wrong there. */
const TELLS = /\berror\b(?!s)|^\S+\.\w+:\d+(?::\d+)?: /i;

/** Lines that are shown from the first which tells on, and of the end. */
const SHOWN = 16;
const AT_THE_END = 2;

/** The first line of what a tool printed that says what is wrong; undefined where none does. A tool's last line often only counts. */
export function firstError(output: string): string | undefined {
  return output
    .split('\n')
    .find((line) => TELLS.test(line))
    ?.trim();
}

/** The part of what a tool printed that says what is wrong: from the first such line on, and its end; where none is, its last lines. */
export function tellingPart(output: string): string {
  const lines = output.trimEnd().split('\n');
  const first = lines.findIndex((line) => TELLS.test(line));
  if (first < 0) return lines.length <= SHOWN ? output : lines.slice(-SHOWN).join('\n');
  const rest = lines.slice(first);
  if (rest.length <= SHOWN + AT_THE_END) return rest.join('\n');
  return [...rest.slice(0, SHOWN), '…', ...rest.slice(-AT_THE_END)].join('\n');
}
