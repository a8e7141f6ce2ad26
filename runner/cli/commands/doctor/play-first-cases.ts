import { join } from 'node:path';
import type { InitializeResult } from '../../../../protocols/common/control.ts';
import type { Outcome } from '../../../doctor/check.ts';
import { type FirstCase, firstOfEachKind, firstOfEachTimer, firstOfHandlers } from '../../../doctor/first-cases.ts';
import { disturbanceIn, ofAdapter, ofCompany, ofHandlers, ofTimer, type Played } from '../../../doctor/plays.ts';
import type { CaseRun } from '../../../results/result.ts';
import { UsageError } from '../../exit.ts';
import { loadProtocol } from '../../load.ts';
import { runApart } from '../../run-apart.ts';

/** How often each first case is played when all are at once. */
const TIMES = 4;

/**
 * Plays the first cases of the protocol with the adapter, one by one and then all at once, and those that set timers. Throws a
 * `UsageError` where they cannot be played.
 */
export async function playFirstCases(
  reference: string,
  protocol: string,
  info: InitializeResult,
  scratch: string,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  const loaded = await loadProtocol(protocol);
  const { cases } = loaded.corpus;
  const kinds = firstOfEachKind(cases, info);
  const timers = firstOfEachTimer(cases, info, Object.keys(loaded.protocol.timers));
  const handlers = firstOfHandlers(cases, info);
  const play = async (name: string, of: readonly FirstCase[], ...words: readonly string[]): Promise<Played> => {
    // Without a case's name the whole corpus would be run.
    if (of.length === 0) return { runs: [] };
    const ids = new Set(of.map((each) => each.case));
    const { results, lastWords } = await runApart(
      [...ids, '--implementation', reference, '--processes', '1', ...words],
      join(scratch, name),
    );
    if (results === undefined) throw new UsageError(`no cases could be played: ${lastWords}`);
    return results;
  };

  const alone = await play('alone', kinds, '--concurrency', '1', '--no-confirm');
  const told = kinds.map((first) => ofAdapter(first, ofCase(alone.runs, first)));
  told.forEach(tell);
  if (handlers !== undefined) {
    const heard = await play('handlers', [handlers], '--role', 'server', '--concurrency', '1', '--no-confirm');
    tell(ofHandlers(handlers, ofCase(heard.runs, handlers)));
  }
  if (told.some(({ is }) => is === 'broken')) {
    tell({ is: 'left-out', title: 'cases side by side, and timers', why: 'first mend what breaks one case alone' });
    return;
  }
  const together = ['--repeat', String(TIMES)];
  const beside = await play('beside', kinds, ...together);
  // What is not so the second time needs no processes of their own, of which there are many.
  const again = disturbanceIn(beside) === undefined ? undefined : await play('again', kinds, ...together);
  const twice = again !== undefined && disturbanceIn(again) !== undefined;
  const apart = twice ? await play('apart', kinds, ...together, '--isolate', '--no-confirm') : undefined;
  tell(ofCompany({ alone, beside, again, apart }));
  const timed = await play('timers', timers, '--concurrency', '1');
  for (const first of timers) tell(ofTimer(first, ofCase(timed.runs, first)));
}

function ofCase(runs: readonly CaseRun[], first: FirstCase): CaseRun[] {
  return runs.filter((each) => each.case === first.case);
}
