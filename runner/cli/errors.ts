import { readFileSync } from 'node:fs';
import type { SourceMapPayload } from 'node:module';
import { EvidenceError } from '../bundles/evidence-error.ts';
import { CorpusError } from '../cases/problem.ts';
import { FileError } from '../files/read.ts';
import { WriteError } from '../files/write.ts';
import { packageRoot } from '../package-root.ts';
import { SelectionError } from '../plan/selection-error.ts';
import { adviceFor } from '../worlds/run-errors.ts';
import { EXIT, NothingToDo, UsageError } from './exit.ts';
import { withSourcePositions } from './source-positions.ts';

/** Longest line of an error, and longest word in it, in characters: what was typed, or stands in a file, may be a megabyte. */
const LONGEST_LINE = 4000;
const LONGEST_WORD = 1000;

/** What to tell the person at the terminal of an error, and the exit code it means. */
export function explainError(error: unknown): { readonly text: string; readonly code: number } {
  const { text, code } = explained(error);
  return { text: text.split('\n').map(cut).join('\n'), code };
}

/** A word goes as a whole, and a line ends between two: secrets are found in what is left as in all of it, and half of one would pass. */
function cut(line: string): string {
  const short =
    line.length <= LONGEST_WORD
      ? line
      : line.replace(/\S+/g, (word) => (word.length <= LONGEST_WORD ? word : `… ${word.length} characters`));
  if (short.length <= LONGEST_LINE) return short;
  const end = short.lastIndexOf(' ', LONGEST_LINE);
  return `${short.slice(0, end)} … ${short.length - end} characters more`;
}

function explained(error: unknown): { readonly text: string; readonly code: number } {
  if (
    error instanceof UsageError ||
    error instanceof FileError ||
    error instanceof SelectionError ||
    error instanceof CorpusError ||
    error instanceof EvidenceError
  ) {
    return { text: error.message, code: EXIT.usage };
  }
  if (error instanceof WriteError) return { text: error.message, code: error.isLimit ? EXIT.harness : EXIT.usage };
  const refused = refusalOf(error);
  if (refused !== undefined) return refused;
  if (error instanceof NothingToDo) return { text: error.message, code: EXIT.ok };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `weir itself failed; this is a bug of Weir:\n${withSourcePositions(text, packageRoot(), readMap)}`, code: EXIT.harness };
}

/** What the system refuses of a file is nothing that Weir could mend: a path that somebody named, or a limit of the machine. */
function refusalOf(error: unknown): { readonly text: string; readonly code: number } | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  const advice = adviceFor(error.code);
  // What is refused while it is written has no path.
  if (!('path' in error) && advice === undefined) return undefined;
  return {
    text: advice === undefined ? error.message : `${error.message}: ${advice}`,
    code: advice === undefined ? EXIT.usage : EXIT.harness,
  };
}

function readMap(file: string): SourceMapPayload | undefined {
  try {
    return JSON.parse(readFileSync(new URL(`${file}.map`), 'utf8'));
  } catch {
    return undefined;
  }
}
