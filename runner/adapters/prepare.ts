import { firstError, tellingPart } from './build-output.ts';
import { AdapterError } from './error.ts';
import type { Implementation } from './manifest.ts';
import { describeExit, type Exit, lastWords, STDERR_BYTES, startProcess } from './process.ts';
import type { Reaper } from './reaper.ts';
import { createTailBuffer } from './tail-buffer.ts';
import { within } from './within.ts';

/** Longest time of one check of a prerequisite, ms. */
const CHECK_MS = 15_000;

/** Longest time of one set-up command, ms. */
const SETUP_MS = 600_000;

/** What preparing an implementation takes. */
export interface Preparing {
  readonly implementation: Implementation;
  readonly reaper: Reaper;
  readonly waiting?: Waiting | undefined;
}

interface Outcome {
  /** Undefined where it did not end in time and was killed. */
  readonly exit: Exit | undefined;
  readonly output: string;
}

/** How often it is said what is waited for, ms. */
const SAY_MS = 10_000;

/** Hears what is waited for, every ten seconds. */
export type Waiting = (text: string) => void;

async function runToEnd(
  command: readonly string[],
  { implementation, reaper, waiting }: Preparing,
  boundMs: number,
  what: string,
): Promise<Outcome> {
  // Tools say on either of the two what went wrong.
  const said = createTailBuffer(STDERR_BYTES);
  const child = await startProcess({
    command,
    cwd: implementation.cwd,
    env: implementation.env,
    reaper,
    stdout: (chunk) => said.push(chunk),
  });
  let waitedMs = 0;
  const saying = setInterval(() => {
    waitedMs += SAY_MS;
    waiting?.(
      `${implementation.name}: waiting for the ${what} \`${command.join(' ')}\`: ${waitedMs / 1000} s of at most ${boundMs / 1000}`,
    );
  }, SAY_MS);
  const waited = await within(child.exited, boundMs).finally(() => clearInterval(saying));
  if (waited.type === 'late') await child.stop(0);
  return { exit: waited.type === 'done' ? waited.value : undefined, output: child.stderr().trim() === '' ? said.text() : child.stderr() };
}

/** Runs the manifest's set-up commands in order. Rejects with an `AdapterError` at the first that fails. */
export async function runSetup(preparing: Preparing): Promise<void> {
  const { implementation } = preparing;
  for (const command of implementation.setup) {
    const { exit, output } = await runToEnd(command, preparing, SETUP_MS, 'set-up command');
    if (exit?.code === 0) continue;
    const how = exit === undefined ? `no end within ${SETUP_MS} ms` : describeExit(exit);
    const first = firstError(output);
    const why = first === undefined ? lastWords(output) : `: ${first.slice(0, 300)}`;
    throw new AdapterError(`${implementation.name}: the set-up command \`${command.join(' ')}\` failed (${how})${why}`, {
      kind: exit?.notFound === true ? 'missing' : 'crashed',
      implementation: implementation.name,
      stderr: tellingPart(output),
    });
  }
}

/** Says which prerequisite of the manifest is missing, if one is; the error carries the command that installs it. */
export async function findMissing(preparing: Preparing): Promise<AdapterError | undefined> {
  const { implementation } = preparing;
  for (const { check, install } of implementation.prerequisites) {
    const { exit, output } = await runToEnd(check, preparing, CHECK_MS, 'check of a prerequisite');
    if (exit?.code === 0) continue;
    return new AdapterError(`${implementation.name}: \`${check.join(' ')}\` does not work here; to install it: ${install}`, {
      kind: 'missing',
      implementation: implementation.name,
      stderr: output,
      install,
    });
  }
  return undefined;
}
