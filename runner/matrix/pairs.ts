import { join } from 'node:path';
import type { MatrixPair } from '../results/matrix.ts';
import type { CaseRun } from '../results/result.ts';
import { folderOf, type RowRunning, runRow } from './run-row.ts';
import { sideBySide } from './side-by-side.ts';
import type { Subject } from './subjects.ts';

/** Causes of a pair that are told, those that most case-runs have first. */
const MOST_CAUSES = 5;

/** Longest message of a cause, in characters. */
const LONGEST = 300;

/** Runs each of these as client of each that is a server, no reference peer between them. Empty once it was told to stop. */
export async function runPairs(
  subjects: readonly Subject[],
  running: RowRunning,
  atATime: number,
  ran: (pair: MatrixPair) => void,
): Promise<MatrixPair[]> {
  const playing = (role: 'client' | 'server'): Subject[] => subjects.filter(({ roles }) => roles.includes(role));
  const pairs = playing('client').flatMap((client) => playing('server').map((server) => ({ client, server })));
  const made = await sideBySide(pairs, atATime, async ({ client, server }): Promise<MatrixPair | undefined> => {
    if (running.stop.aborted) return undefined;
    const words = ['--role', 'client', '--against', server.id, '--traces', 'none'];
    const own = { ...running, work: join(running.work, 'pairs', folderOf(server)), words, against: server.manifest };
    const { outcome } = await runRow(client, own);
    const runs = outcome.results?.runs ?? [];
    const pair: MatrixPair = {
      client: client.id,
      server: server.id,
      state: outcome.state,
      ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
      counts: countsOf(runs),
      causes: causesOf(runs),
    };
    ran(pair);
    return pair;
  });
  return running.stop.aborted ? [] : made.filter((pair) => pair !== undefined);
}

function countsOf(runs: readonly CaseRun[]): MatrixPair['counts'] {
  const counts: MatrixPair['counts'] = {};
  for (const { verdict } of runs) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}

/** Why its case-runs are no passes, by the finding that weighed most in each. */
function causesOf(runs: readonly CaseRun[]): MatrixPair['causes'] {
  const causes = new Map<string, MatrixPair['causes'][number]>();
  for (const { findings, verdict } of runs) {
    const [first] = findings;
    if (first === undefined || verdict === 'unclear') continue;
    const { fingerprint, message } = first;
    const { runs: before = 0 } = causes.get(fingerprint) ?? {};
    causes.set(fingerprint, { fingerprint, message: causes.get(fingerprint)?.message ?? message.slice(0, LONGEST), runs: before + 1 });
  }
  return [...causes.values()].toSorted((a, b) => b.runs - a.runs).slice(0, MOST_CAUSES);
}
