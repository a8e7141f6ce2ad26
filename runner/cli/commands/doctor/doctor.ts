import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerError, type RunningBroker } from '../../../../protocols/common/broker.ts';
import { oneLine } from '../../../../protocols/common/plain.ts';
import { AdapterError } from '../../../adapters/error.ts';
import { findMissing, runSetup } from '../../../adapters/prepare.ts';
import { createReaper } from '../../../adapters/reaper.ts';
import type { Outcome } from '../../../doctor/check.ts';
import { examine } from '../../../doctor/examine.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { loadServices } from '../../load.ts';
import { findNamed, notStarted } from '../../open.ts';
import { unknownTo } from '../../unknown.ts';
import { playFirstCases } from './play-first-cases.ts';

/** Lines of stderr that are shown of an adapter that does not start. */
const LAST_LINES = 10;

/** Options of `weir doctor`. */
export interface DoctorOptions {
  readonly quick: boolean;
}

/**
 * `weir doctor`: exit code 0 where the adapter does all that it must, 1 where it does not. Throws a `UsageError` where there is no such
 * implementation, or it cannot be set up.
 */
export async function doctorCommand(reference: string, { quick }: DoctorOptions): Promise<number> {
  const implementation = await findNamed(reference);
  const loaded = await loadServices(implementation.protocol);
  const { protocol } = loaded;
  const say = (text: string): boolean => process.stdout.write(`${text}\n`);
  const count = { holds: 0, broken: 0, 'left-out': 0 };
  const tell = (outcome: Outcome): void => {
    count[outcome.is] += 1;
    for (const line of linesOf(outcome)) say(line);
  };
  const reaper = createReaper(process);
  const scratch = mkdtempSync(join(tmpdir(), 'weir-doctor-'));
  let broker: RunningBroker | undefined;
  try {
    const preparing = { implementation, reaper, waiting: say };
    await runSetup(preparing).catch(async (error: unknown) => {
      throw asUsage((await findMissing(preparing)) ?? error);
    });
    say(`${implementation.name}: the conversation (docs/adapters.md)`);
    broker = await protocol.broker?.start({ guard: reaper }).catch((error: unknown) => {
      throw asUsage(error);
    });
    const info = await examine({ implementation, protocol, brokerUrl: broker?.url }, reaper, tell);
    // What does not start may lack what it runs on, which is no fault of the adapter.
    const missing = info === undefined ? await findMissing(preparing) : undefined;
    if (missing !== undefined) throw asUsage(missing);
    if (info !== undefined) tell(ofNames(unknownTo(loaded, { open: { info }, manifest: implementation })));
    if (info !== undefined && !quick) {
      say('\nwhat it tells of calls');
      await playFirstCases(reference, implementation.protocol, info, scratch, tell);
    }
    say(
      `\n${count.holds} hold, ${count.broken} ${count.broken === 1 ? 'does' : 'do'} not${count['left-out'] === 0 ? '' : `, ${count['left-out']} left out`}`,
    );
    return count.broken === 0 && info !== undefined ? EXIT.ok : EXIT.findings;
  } finally {
    await broker?.close();
    reaper.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Whether it names only what the protocol has; `unknown` is what it has not, in sentences. */
function ofNames(unknown: readonly string[]): Outcome {
  const title = 'its bindings and features are ones that the protocol has';
  if (unknown.length === 0) return { is: 'holds', title };
  const mend = 'Name them as the protocol does; what is named otherwise is as good as not named, and its cases are skipped.';
  return { is: 'broken', title, got: unknown.join('; '), mend, heading: 'Words of the protocols', lines: [] };
}

function asUsage(error: unknown): unknown {
  if (error instanceof BrokerError) return new UsageError([error.message, error.hint].filter(Boolean).join('\n'));
  return error instanceof AdapterError ? notStarted(error) : error;
}

function linesOf(outcome: Outcome): string[] {
  switch (outcome.is) {
    case 'holds':
      return [`  ✓ ${oneLine(outcome.title)}`];
    case 'left-out':
      return [`  – ${oneLine(outcome.title)}: ${oneLine(outcome.why)}`];
    case 'broken':
      return [
        `  ✗ ${oneLine(outcome.title)}`,
        `      came     ${oneLine(outcome.got)}`,
        `      mend     ${outcome.mend} (docs/adapters.md, “${outcome.heading}”)`,
        ...outcome.lines.map(
          ({ from, text }) => `      ${from === 'weir' ? '> ' : '< '}${oneLine(text.length > 160 ? `${text.slice(0, 160)}…` : text)}`,
        ),
        ...lastOf(outcome.stderr ?? '').map((line) => `      | ${oneLine(line)}`),
      ];
  }
}

/** The last lines of what an adapter wrote to stderr. */
function lastOf(stderr: string): string[] {
  return stderr.trim() === '' ? [] : stderr.trimEnd().split('\n').slice(-LAST_LINES);
}
