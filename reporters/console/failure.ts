import type pc from 'picocolors';
import { plain } from '../../protocols/common/plain.ts';
import { onlySometimes } from '../../runner/results/only-sometimes.ts';
import type { CaseRun, Finding, Story, StoryRow } from '../../runner/results/result.ts';
import { gravityOf } from './causes.ts';
import { shellWord } from './shell-word.ts';

type Colours = ReturnType<typeof pc.createColors>;

/** One failure as a reader needs it: case, rule, step, frames side by side, how to run it again. `folder` goes before trace paths. */
export function renderFailure(run: CaseRun, finding: Finding | undefined, colours: Colours, columns: number, folder: string): string {
  const paint = { failure: colours.red, warning: colours.yellow, question: colours.cyan }[gravityOf(run)];
  const lines = [`${paint(colours.bold(`${run.verdict.toUpperCase()} ${run.id}`))}`, `  ${plain(run.title)}`];
  if (run.expected === 'stale-known-failure') {
    lines.push(`  It passes, but known-failures lists it: ${plain(run.knownReason ?? '')}. Remove the entry.`);
  }
  if (run.apart !== undefined) {
    lines.push(...wrap(onlySometimes(run.apart), columns - 4).map((text) => `  ${text}`));
  }
  const requirement = run.story?.requirement;
  if (requirement !== undefined) {
    lines.push(
      `  ${colours.bold(requirement.id)} ${requirement.level} (${requirement.source})${harmWords(finding)}`,
      ...wrap(requirement.text, columns - 4).map((text) => `    ${text}`),
    );
    if (requirement.disputed !== undefined) lines.push(...disputeLines(requirement.disputed, colours, columns));
  }
  if (finding !== undefined)
    lines.push('', ...wrap(plain(finding.message), columns - 4).map((text, i) => `  ${i === 0 ? paint('✗') : ' '} ${text}`));
  if (run.story?.step !== undefined) {
    lines.push(
      colours.dim(
        `  at step ${(finding?.step ?? 0) + 1}: ${plain(run.story.step)}  (${run.story.file}:${run.story.line}:${run.story.column})`,
      ),
    );
  } else if (run.story !== undefined) lines.push(colours.dim(`  case: ${run.story.file}`));
  const others = run.findings.length - 1;
  if (others > 0) lines.push(colours.dim(`  and ${others} more ${others === 1 ? 'finding' : 'findings'} in this run`));
  if (run.story !== undefined && run.story.rows.length > 0) lines.push('', ...table(run.story.rows, colours, columns));
  if (run.exception !== undefined) {
    lines.push('', colours.dim('  the exception:'), ...run.exception.split('\n').map((text) => colours.dim(`    ${plain(text)}`)));
  } else if (run.stderr !== undefined && run.stderr.trim() !== '') {
    lines.push(
      '',
      colours.dim('  last words on stderr:'),
      ...run.stderr
        .trim()
        .split('\n')
        .slice(-6)
        .map((text) => colours.dim(`    ${plain(text)}`)),
    );
  }
  lines.push('');
  if (run.trace !== undefined) lines.push(`  trace    ${folder}${run.trace}`);
  if (run.bundle !== undefined) {
    lines.push(`  replay   ${colours.cyan(`npx weir replay ${shellWord(`${folder}${run.bundle}`)}${implementationOf(run.reproduce)}`)}`);
  }
  lines.push(`  again    ${colours.cyan(run.reproduce)}`, '');
  return lines.join('\n');
}

/** The implementation that a command names, as the shell takes it: a bundle runs none by itself. Empty for the reference pair. */
function implementationOf(command: string): string {
  return / --implementation (?:'(?:[^']|'\\'')*'|[^\s']+)/.exec(command)?.[0] ?? '';
}

/** Why breaking a rule that binds less counts as a MUST. */
function harmWords(finding: Finding | undefined): string {
  if (finding?.harm === undefined) return '';
  return `, counts as a MUST: ${finding.harm === 'changed' ? 'what is sent must be what is read' : 'what is sent must arrive'}`;
}

/** Both sides of a disputed rule, and how to make a verdict of the question. */
function disputeLines(disputed: NonNullable<NonNullable<Story['requirement']>['disputed']>, colours: Colours, columns: number): string[] {
  const { spec, official, demanded } = disputed;
  const choice =
    demanded === 'both'
      ? 'Either would do; this is neither.'
      : `Looked for: ${demanded === 'spec' ? 'what the specification says' : 'what the official implementation does'}. --profile spec or --profile official picks a side.`;
  return [`disputed. The specification: ${spec}`, `The official implementation: ${official}`, choice]
    .flatMap((text) => wrap(text, columns - 4))
    .map((text) => colours.dim(`    ${text}`));
}

function table(rows: readonly StoryRow[], colours: Colours, columns: number): string[] {
  // Of a bare trace nothing is known that it could be held against.
  if (rows.every(({ golden }) => golden === undefined)) return rows.map((row) => lonelyRow(row, colours, columns));
  const width = Math.max(30, Math.floor((Math.min(columns, 200) - 9) / 2));
  const head = `    ${'observed'.padEnd(width)} │ golden (reference pair)`;
  return [colours.dim(head), ...rows.map((row) => renderRow(row, colours, width))];
}

function lonelyRow({ observed, mark }: StoryRow, colours: Colours, columns: number): string {
  if (observed === undefined) return '';
  const text = `${String(observed.t).padStart(5)} ${sideOf(observed)} ${plain(observed.summary)}`;
  const width = Math.max(60, columns - 6);
  const clipped = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return mark === 'wrong' ? colours.red(`  ✗ ${clipped}`) : colours.dim(`    ${clipped}`);
}

function renderRow(row: StoryRow, colours: Colours, width: number): string {
  const cell = (frame: StoryRow['observed']): string => {
    if (frame === undefined) return '';
    return `${String(frame.t).padStart(5)} ${sideOf(frame)} ${plain(frame.summary)}`;
  };
  const clip = (text: string): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width));
  const text = `${clip(cell(row.observed))} │ ${clip(cell(row.golden)).trimEnd()}`;
  switch (row.mark) {
    case 'same':
      return colours.dim(`    ${text}`);
    case 'differs':
      return colours.yellow(`  ≠ ${text}`);
    case 'wrong':
      return colours.red(`  ✗ ${text}`);
  }
}

const LETTERS = { client: 'C', server: 'S', broker: 'B', proxy: 'P' } as const;

/** Whence a frame goes where, or whose doing something else was. */
function sideOf({ what, from, to }: NonNullable<StoryRow['observed']>): string {
  if (what === 'application') return from === 'client' ? 'C  ' : '  S';
  if (what === 'connection') return ' · ';
  return `${LETTERS[from]}→${LETTERS[to ?? (from === 'client' ? 'server' : 'client')]}`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(/\s+/)) {
    if (current !== '' && current.length + word.length + 1 > width) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return current === '' ? lines : [...lines, current];
}
