import { oneLine, plain } from '../protocols/common/plain.ts';
import type { Results } from '../runner/results/result.ts';
import { type Cause, causesOf, GRAVITIES, type Gravity, gravityOf } from './console/causes.ts';
import { isNews } from './console/news.ts';
import { cut } from './cut.ts';
import { fileReporter } from './file.ts';
import { placeOf } from './place.ts';
import { readable } from './readable.ts';
import type { Reporter } from './reporter.ts';

/** Most annotations of each kind: GitHub shows ten of a step. */
const MOST = 10;
/** Longest text of one, in characters. */
const LONGEST = 2000;

/** What a cause is to GitHub. */
const COMMAND: Readonly<Record<Gravity, string>> = { failure: 'error', warning: 'warning', question: 'notice' };

/**
 * Writes `annotations.txt` into a folder: workflow commands of GitHub, one for each cause. They are written to a file and not to
 * the terminal, since there texts of others could begin a line as well: a workflow stops commands while Weir runs, and prints this after.
 */
export function githubReporter(folder: string): Reporter {
  return fileReporter(folder, 'annotations.txt', annotationsOf);
}

/** The commands, the gravest first; where there are too many the last one says how many are left out. */
export function annotationsOf(results: Results): string {
  const causes = causesOf(results.runs.filter((run) => isNews(run) && run.expected !== 'not-confirmed').map(readable));
  return GRAVITIES.flatMap((gravity) => {
    const own = causes.filter(({ first }) => gravityOf(first) === gravity);
    const shown = own.length > MOST ? own.slice(0, MOST - 1) : own;
    const left = own.length - shown.length;
    const more = command(COMMAND[gravity], { title: 'Weir' }, `${left} more causes; the summary of this job and the report tell them`);
    return [...shown.map((cause) => annotation(cause, results)), ...(left === 0 ? [] : [more])];
  }).join('');
}

function annotation({ first, finding, runs }: Cause, results: Results): string {
  const { story } = first;
  const rule = story?.requirement;
  const stale = first.expected === 'stale-known-failure';
  const title = stale ? `${first.case}: known failure now passes` : `${rule?.id ?? 'Weir'}: ${first.title}`;
  const message = [
    ...(rule === undefined || stale ? [] : [`${rule.level}: ${oneLine(rule.text)}`]),
    stale ? `Listed: ${first.knownReason ?? ''}. Remove the entry.` : (finding?.message ?? first.verdict),
    ...(runs.length === 1 ? [] : [`${runs.length} case-runs, the first of them ${first.id}`]),
    `Again: ${first.reproduce}`,
  ].join('\n');
  const place = placeOf(first, finding, results);
  const at = place === undefined ? {} : { file: place.file, line: String(place.line), col: String(place.column) };
  return command(COMMAND[gravityOf(first)], { ...at, title: cut(title, 200) }, cut(message, LONGEST));
}

/** A workflow command: one line, in which nothing ends a property or the line. */
function command(name: string, properties: Readonly<Record<string, string>>, message: string): string {
  const written = Object.entries(properties).map(
    ([key, value]) => `${key}=${escaped(oneLine(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  );
  return `::${name} ${written.join(',')}::${escaped(plain(message))}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
