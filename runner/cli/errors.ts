import { EvidenceError } from '../bundles/evidence-error.ts';
import { CorpusError } from '../cases/problem.ts';
import { SelectionError } from '../plan/selection-error.ts';
import { EXIT, NothingToDo, UsageError } from './exit.ts';

/** What to tell the person at the terminal of an error, and the exit code it means. */
export function explainError(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof UsageError || error instanceof SelectionError || error instanceof CorpusError || error instanceof EvidenceError) {
    return { text: error.message, code: EXIT.usage };
  }
  if (error instanceof NothingToDo) return { text: error.message, code: EXIT.ok };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `weir itself failed; this is a bug of Weir:\n${text}`, code: EXIT.harness };
}
