import { oneLine, plain } from '../protocols/common/plain.ts';
import type { CaseRun, Results } from '../runner/results/result.ts';
import { type Cause, causesOf, gravityOf } from './console/causes.ts';
import { isNews } from './console/news.ts';
import { cut } from './cut.ts';
import { fileReporter } from './file.ts';
import { placeOf } from './place.ts';
import { readable } from './readable.ts';
import type { Reporter } from './reporter.ts';

/** Most characters of a summary: GitHub shows none of a step that has more than 1 MiB. */
const BOUND = 512 * 1024;
/** Longest text, in characters; most causes that are told with their frames. */
const LONGEST = 1000;
const MOST_CAUSES = 25;

/** Writes `summary.md` into a folder: totals, each cause with its rule and the command that makes it happen again. */
export function markdownReporter(folder: string): Reporter {
  return fileReporter(folder, 'summary.md', markdownOf);
}

/** The summary. Texts of others stand in code, where nothing of them acts. */
export function markdownOf(results: Results): string {
  const causes = causesOf(results.runs.filter((run) => isNews(run) && run.expected !== 'not-confirmed').map(readable));
  const told = causes.slice(0, MOST_CAUSES).map((cause) => section(cause, results));
  const left = causes.length - told.length;
  const tail = left === 0 ? '' : `\n${left} more ${left === 1 ? 'cause' : 'causes'}: see the report.\n`;
  const whom = results.implementation === undefined ? 'reference pair' : `${results.implementation.name} ${results.implementation.version}`;
  const head = `## Weir: ${words(results.glossary?.title ?? results.protocol)}, ${words(whom)}\n\n${headline(results, causes)}\n\n${totals(results)}\n`;
  const warnings = (results.warnings ?? []).slice(0, 10).map((text) => `\n▲ ${words(cut(text, LONGEST))}\n`);
  return within(`${head}${warnings.join('')}${known(results)}`, told, tail);
}

/** What a reader must know first. */
function headline({ runs }: Results, causes: readonly Cause[]): string {
  const passed = runs.filter(({ verdict }) => verdict === 'pass').length;
  const news = causes.reduce((sum, { runs: those }) => sum + those.length, 0);
  if (news === 0) return `**Nothing new.** ${number(passed)} case-runs passed.`;
  const failures = causes.filter(({ first }) => gravityOf(first) === 'failure');
  const broken = failures.reduce((sum, { runs: those }) => sum + those.length, 0);
  return `**${count(broken, 'new failure', 'new failures')}, ${count(failures.length, 'cause', 'causes')}**${news === broken ? '' : `, and ${count(news - broken, 'warning or question', 'warnings and questions')}`}.`;
}

function totals({ summary, score }: Results): string {
  const rows = Object.entries(summary).filter(([, times]) => times > 0);
  const scored =
    score === undefined
      ? ''
      : `\nScore ${words(score.set)}: ${score.cases.passed} of ${score.cases.total} cases, ${score.requirements.kept} of ${score.requirements.total} requirements.\n`;
  return `| ${rows.map(([name]) => words(name)).join(' | ')} |\n|${rows.map(() => ' ---: |').join('')}\n| ${rows.map(([, times]) => number(times)).join(' | ')} |\n${scored}`;
}

/** What was skipped and what is known, so that green is not taken for more than it is. */
function known({ runs }: Results): string {
  const reasons = new Map<string, number>();
  for (const run of runs) {
    const why =
      run.expected === 'known-failure'
        ? `known failure: ${run.knownReason ?? ''}`
        : run.verdict === 'skip'
          ? `skipped: ${run.skipReason ?? ''}`
          : undefined;
    if (why !== undefined) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  if (reasons.size === 0) return '';
  const lines = [...reasons]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 40)
    .map(([why, times]) => `- ${number(times)} × ${words(cut(why, LONGEST))}`);
  const left = reasons.size - lines.length;
  return `\n<details><summary>Not counted: skipped, and known to fail</summary>\n\n${lines.join('\n')}\n${left === 0 ? '' : `- and ${left} more reasons\n`}\n</details>\n`;
}

function section({ first, finding, runs }: Cause, results: Results): string {
  const place = placeOf(first, finding, results);
  const requirement = first.story?.requirement;
  const stale = first.expected === 'stale-known-failure';
  const lines = [
    `\n### ${MARK[gravityOf(first)]} ${words(stale ? 'A known failure now passes' : cut(first.title, LONGEST))}\n`,
    ...(requirement === undefined
      ? []
      : [
          `**${words(requirement.id)}** ${words(requirement.level)}: ${words(cut(requirement.text, LONGEST))} (${words(requirement.source)})\n`,
        ]),
    ...(stale ? [`It is listed: ${words(cut(first.knownReason ?? '', LONGEST))}. Remove the entry.\n`] : []),
    ...(finding === undefined || stale ? [] : [block(cut(finding.message, LONGEST))]),
    ...(place === undefined ? [] : [`At ${code(`${place.file}:${place.line}`)}\n`]),
    ...(first.story === undefined || first.story.rows.length === 0
      ? []
      : [`<details><summary>Frames: observed, and of the reference pair</summary>\n\n${block(frames(first.story.rows))}\n</details>\n`]),
    `Again:\n\n${block(first.reproduce, 'sh')}`,
    ...(runs.length === 1
      ? []
      : [
          `Also: ${runs
            .slice(1, 6)
            .map(({ id }) => code(id))
            .join(', ')}${runs.length > 6 ? ` and ${runs.length - 6} more` : ''}\n`,
        ]),
  ];
  return lines.join('\n');
}

const MARK = { failure: '✕', warning: '▲', question: '?' } as const;

function frames(rows: NonNullable<CaseRun['story']>['rows']): string {
  const side = (frame: (typeof rows)[number]['observed']): string =>
    frame === undefined ? '' : `${frame.t} ${frame.from} ${frame.summary}`;
  return rows
    .map(
      ({ observed, golden, mark }) =>
        `${{ same: ' ', differs: '≠', wrong: '✕' }[mark]} ${cut(side(observed), 90).padEnd(90)} │ ${cut(side(golden), 90)}`,
    )
    .join('\n');
}

/** As many sections as fit. */
function within(head: string, sections: readonly string[], tail: string): string {
  let text = head;
  for (const [i, each] of sections.entries()) {
    if (text.length + each.length > BOUND) return `${text}\n${sections.length - i} more causes: see the report.\n`;
    text += each;
  }
  return text + tail;
}

/** Words in which nothing is markup. */
function words(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_{}[\]<>()#+!|~&@-]/g, (character) => HTML[character] ?? `\\${character}`);
}

const HTML: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '@': '&#64;' };

/** A text in code, on its line. */
function code(text: string): string {
  const one = oneLine(text).replaceAll('|', '\\|');
  const ticks = '`'.repeat(longestTicks(one) + 1);
  return `${ticks} ${one} ${ticks}`;
}

/** Lines in a block of code that nothing in them can end. */
function block(text: string, language = 'text'): string {
  const fence = '`'.repeat(Math.max(3, longestTicks(text) + 1));
  return `${fence}${language}\n${plain(text)}\n${fence}\n`;
}

function longestTicks(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}

function count(times: number, one: string, several: string): string {
  return `${number(times)} ${times === 1 ? one : several}`;
}

function number(value: number): string {
  return value.toLocaleString('en-GB');
}
