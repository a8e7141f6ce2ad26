import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { bindingNames } from '../../../../protocols/common/binding.ts';
import { oneLine } from '../../../../protocols/common/plain.ts';
import { findManifest, readManifest } from '../../../adapters/manifest.ts';
import { bisect, type Probed } from '../../../bisect/bisect.ts';
import { packageRoot } from '../../../package-root.ts';
import { select } from '../../../plan/select.ts';
import type { CaseRun } from '../../../results/result.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { awaitEnding } from '../../interrupt.ts';
import { loadProtocol } from '../../load.ts';
import { runApart } from '../../run-apart.ts';
import { commitsOf, type Step, versionsOf } from './steps.ts';

/** Options of `weir bisect`. */
export interface BisectOptions {
  readonly versions?: readonly string[];
  readonly git?: string;
  readonly timeScale?: string;
  readonly protocol?: string;
}

/** `weir bisect`: exit code 0 where the version was found in which the case began to fail, 1 where there is none, 2 where nothing could be told. */
export async function bisectCommand(reference: string, pattern: string, options: BisectOptions): Promise<number> {
  const file = manifestNamed(reference);
  await mustNameCases(file, pattern, options.protocol);
  const scratch = mkdtempSync(join(tmpdir(), 'weir-bisect-'));
  const say = (text: string): boolean => process.stdout.write(`${oneLine(text)}\n`);
  const ending = awaitEnding(process);
  try {
    const steps = options.git === undefined ? versionsOf(file, options.versions, scratch) : await commitsOf(file, options.git, scratch);
    if (steps.length === 0) throw new UsageError(`${file} has no versions; name them by --versions, or commits by --git`);
    say(`${steps.length} versions, ${steps[0]?.name} to ${steps.at(-1)?.name}`);
    const seen = new Map<number, readonly CaseRun[]>();
    const found = await bisect(steps.length, async (index) => {
      const step = steps[index] as Step;
      const { probed, runs, says } = await probe(step, pattern, options, join(scratch, `run-${index}`), ending.stop);
      seen.set(index, runs);
      say(`${step.name}: ${says}`);
      return probed;
    });
    switch (found.is) {
      case 'never-bad':
        say(`${pattern} does not fail in ${steps.at(-1)?.name}, the newest`);
        return EXIT.findings;
      case 'always-bad':
        say(`${pattern} fails in ${steps[0]?.name} already, the oldest`);
        return EXIT.findings;
      case 'no-end':
        say(
          `${pattern} comes to no verdict in ${(found.end === 'oldest' ? steps[0] : steps.at(-1))?.name}, the ${found.end}; begin or end elsewhere`,
        );
        return EXIT.usage;
      default: {
        const [first, last] = [steps[found.first], steps[found.last]];
        const between = found.first - found.last - 1;
        say(
          `${pattern} began to fail in ${first?.name}${between === 0 ? '' : ` or one of the ${between} before it, which could not be tested`}; ${last?.name} passes (${found.probes} runs)`,
        );
        const run = seen.get(found.first)?.find(isBad);
        if (run !== undefined) {
          say(`  ${run.findings[0]?.requirement ?? ''} ${run.findings[0]?.message ?? run.verdict}`);
          const named =
            options.git === undefined
              ? run.reproduce.replace(first?.reference ?? '', `${reference.replace(/@.*/, '')}@${first?.name}`)
              : run.reproduce;
          if (options.git === undefined) say(`  again: ${named}`);
        }
        return EXIT.ok;
      }
    }
  } catch (error) {
    if (!ending.stop.aborted) throw error;
    say('ended before it was found');
    return ending.exitCode();
  } finally {
    ending.forget();
    if (options.git !== undefined) await execa('git', ['worktree', 'prune'], { cwd: join(file, '..'), reject: false });
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs the case with one version, in a process of its own. */
async function probe(
  step: Step,
  pattern: string,
  { timeScale, protocol }: BisectOptions,
  output: string,
  stop: AbortSignal,
): Promise<{ readonly probed: Probed; readonly runs: readonly CaseRun[]; readonly says: string }> {
  stop.throwIfAborted();
  await step.prepare();
  const words = [pattern, '--implementation', step.reference];
  if (timeScale !== undefined) words.push('--time-scale', timeScale);
  if (protocol !== undefined) words.push('--protocol', protocol);
  const { results, lastWords } = await runApart(words, output, stop);
  await step.leave();
  stop.throwIfAborted();
  if (results === undefined) return { probed: 'untestable', runs: [], says: `could not be run: ${lastWords}` };
  const { runs } = results;
  if (runs.some(isBad)) return { probed: 'bad', runs, says: `fails: ${runs.find(isBad)?.findings[0]?.message ?? ''}` };
  if (runs.some(({ verdict }) => verdict === 'pass' || verdict === 'question')) return { probed: 'good', runs, says: 'passes' };
  return { probed: 'untestable', runs, says: `no verdict: ${runs[0]?.skipReason ?? runs[0]?.verdict ?? 'nothing was run'}` };
}

/** A MUST or a SHOULD is broken, known or not. */
function isBad({ verdict }: Pick<CaseRun, 'verdict'>): boolean {
  return verdict === 'fail' || verdict === 'warn';
}

/** Told before versions are set up, each of which would say so. */
async function mustNameCases(file: string, pattern: string, named: string | undefined): Promise<void> {
  const spoken = named ?? readManifest(file).protocol;
  const { corpus, protocol } = await loadProtocol(spoken, [pattern]);
  select(corpus, { patterns: [pattern] }, bindingNames(protocol));
}

function manifestNamed(reference: string): string {
  return findManifest(reference.replace(/@[^/@]*$/, ''), { cwd: process.cwd(), builtin: join(packageRoot(), 'implementations') }).file;
}
