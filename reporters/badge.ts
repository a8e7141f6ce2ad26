import { makeBadge } from 'badge-maker';
import { jsonText, oneLine } from '../protocols/common/plain.ts';
import { makeFolder } from '../runner/files/make-folder.ts';
import { writeOwn } from '../runner/files/write.ts';
import { keptBy } from '../runner/results/keeping.ts';
import type { Results } from '../runner/results/result.ts';
import { cut } from './cut.ts';
import type { Reporter } from './reporter.ts';

/** What shields asks of an endpoint. */
export interface EndpointBadge {
  readonly schemaVersion: 1;
  readonly label: string;
  readonly message: string;
  readonly color: string;
}

/** Writes `badge-client` and `badge-server`, each as `.json` (an endpoint of shields) and `.svg`, for the roles that were tested. */
export function badgeReporter(folder: string): Reporter {
  return {
    async finish(results: Results) {
      makeFolder(folder);
      for (const role of ['client', 'server'] as const) {
        if (!results.runs.some((run) => run.role === role)) continue;
        const badge = badgeOf(role, results);
        await writeOwn(folder, `badge-${role}.json`, `${jsonText(badge, 2)}\n`);
        await writeOwn(folder, `badge-${role}.svg`, badgeSvg(badge));
      }
    },
  };
}

/**
 * The badge of one role; docs/badges.md says by which rules. What was not tested is said and never counted as kept, and no number is
 * rounded up.
 */
export function badgeOf(role: 'client' | 'server', results: Results): EndpointBadge {
  const rules = results.glossary?.requirements ?? {};
  const label = `${cut(oneLine(results.glossary?.title ?? results.protocol), 40)} ${role}`;
  const musts = [...keptBy(role, rules, results.runs).values()].filter(({ must }) => must);
  const count = (...kinds: readonly string[]): number => musts.filter(({ keeping }) => kinds.includes(keeping)).length;
  const kept = count('kept');
  const examined = kept + count('broken', 'flaky');
  const errors = results.runs.filter((run) => run.role === role && run.verdict === 'error').length;
  const untested = count('unsupported', 'not-run');
  const questions = count('question');
  if (examined === 0) return { schemaVersion: 1, label, message: 'not tested', color: 'lightgrey' };
  const message = [
    `${percentage(kept, examined)} % of ${examined} MUST`,
    ...(untested === 0 ? [] : [`${untested} not tested`]),
    ...(questions === 0 ? [] : [`${questions} ${questions === 1 ? 'question' : 'questions'}`]),
    ...(errors === 0 ? [] : [`${errors} ${errors === 1 ? 'error' : 'errors'}`]),
  ].join(', ');
  return { schemaVersion: 1, label, message, color: colourOf(kept, examined, untested + errors) };
}

/** The badge as a picture. */
export function badgeSvg({ label, message, color }: EndpointBadge): string {
  return `${makeBadge({ label, message, color })}\n`;
}

/** Whole per cent, rounded down. */
function percentage(kept: number, of: number): number {
  return Math.floor((kept * 100) / of);
}

/** Green is for all of it alone. */
function colourOf(kept: number, examined: number, open: number): string {
  if (kept === examined) return open === 0 ? 'brightgreen' : 'yellowgreen';
  return kept >= examined * 0.9 ? 'orange' : 'red';
}
