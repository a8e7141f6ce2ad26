import { join, relative } from 'node:path';
import { inQuotes, shellWord } from '../../reporters/console/shell-word.ts';
import { packageRoot } from '../package-root.ts';
import type { PlannedRun } from '../plan/plan.ts';
import { registry } from '../registry.ts';
import type { RunOptions } from './run-options.ts';

/** Options that a repetition must share. */
export type Reproduced = Pick<
  RunOptions,
  | 'implementation'
  | 'against'
  | 'allowRemote'
  | 'world'
  | 'timeScale'
  | 'toxiproxyUrl'
  | 'redisUrl'
  | 'strict'
  | 'profile'
  | 'set'
  | 'timeout'
>;

/** The command that runs one case-run again as it was. */
export function reproduce(run: PlannedRun, options: Reproduced, seed: number): string {
  const [id = '', variant] = run.case.id.split('~');
  const [protocol = ''] = id.split('/');
  const isStray = isElsewhere(run.case.file);
  const words = [
    'npx weir run',
    inQuotes(isStray ? run.case.file : id),
    // A file says nothing of its protocol; an implementation does.
    ...(isStray && options.implementation === undefined && protocol !== Object.keys(registry)[0] ? [`--protocol ${protocol}`] : []),
    ...(variant === undefined ? [] : [`--sweep ${variant}`]),
    `--role ${run.role}`,
    `--binding ${run.binding}`,
  ];
  if (options.implementation !== undefined) words.push(`--implementation ${shellWord(options.implementation)}`);
  if (options.against !== undefined) words.push(`--against ${shellWord(options.against)}`);
  if (options.allowRemote) words.push('--allow-remote');
  if (options.world !== undefined) words.push(`--world ${options.world}`);
  if (options.timeScale !== 0.2) words.push(`--time-scale ${options.timeScale}`);
  if (options.toxiproxyUrl !== undefined) words.push(`--toxiproxy-url ${shellWord(options.toxiproxyUrl)}`);
  if (options.redisUrl !== undefined) words.push(`--redis-url ${shellWord(options.redisUrl)}`);
  if (options.strict) words.push('--strict');
  if (options.profile !== undefined) words.push(`--profile ${options.profile}`);
  if (options.set !== undefined) words.push(`--set ${shellWord(options.set)}`);
  if (options.timeout !== undefined) words.push(`--timeout ${options.timeout}`);
  // A repeat has a seed of its own, which hangs on its number.
  if (run.repeat > 1) words.push(`--repeat ${run.repeat}`);
  words.push(`--seed ${seed}`);
  return words.join(' ');
}

/** Whether a case file lies outside of the corpus. */
function isElsewhere(file: string): boolean {
  return relative(join(packageRoot(), 'cases'), file).startsWith('..');
}
