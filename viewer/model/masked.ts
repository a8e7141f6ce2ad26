import { named } from '../../runner/results/named.ts';
import type { CaseRun } from '../../runner/results/result.ts';
import type { Sources } from '../page.ts';
import type { Evidence } from './evidence.ts';
import { count } from './text.ts';

/** What of a case-run is masked, in one sentence, and how to have it shown; undefined where nothing is. */
export function maskedSays(run: Pick<CaseRun, 'case'>, sources: Sources | undefined, evidence: Evidence | undefined): string | undefined {
  const found = named(sources?.cases, run.case);
  const inCase = found !== undefined && sources?.masked?.includes(found.file) === true;
  const frames = (evidence?.observed?.records ?? []).filter((record) => record.type === 'sent' && record.masked === true).length;
  const secrets = evidence?.secrets;
  const places = [...(inCase ? ['the case file'] : []), ...(frames === 0 ? [] : [count(frames, 'frame')])];
  if (places.length === 0 && secrets === undefined) return undefined;
  const what = secrets === undefined ? 'secrets' : count(secrets, 'secret');
  const where = places.length === 0 ? '' : ` in ${places.join(' and ')}`;
  return `Masked: ${what}${where}. Each is as many x’s (a number 1’s) as it was long, the last of which tells it from others. A run with --show-secrets masks nothing.`;
}
