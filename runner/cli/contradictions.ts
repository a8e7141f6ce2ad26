import { UsageError } from './exit.ts';
import type { RunOptions } from './run-options.ts';

/**
 * Refuses options that do not go together whatever the corpus holds, so that nobody waits for it to be read. Throws a `UsageError` that
 * says which to leave out.
 */
export function refuseContradictions({
  implementation,
  against,
  world,
  toxiproxyUrl,
  redisUrl,
}: Partial<Pick<RunOptions, 'implementation' | 'against' | 'world' | 'toxiproxyUrl' | 'redisUrl'>>): void {
  if (against !== undefined && implementation === undefined) {
    throw new UsageError('--against names the other end of an implementation; say which one is under test with --implementation');
  }
  if (world !== 'simulated') return;
  if (implementation !== undefined) throw new UsageError('an implementation lives in the real world; leave --world simulated out');
  if (toxiproxyUrl !== undefined)
    throw new UsageError('a Toxiproxy lives in the real world; leave --world simulated or --toxiproxy-url out');
  if (redisUrl !== undefined) throw new UsageError('a Redis lives in the real world; leave --world simulated or --redis-url out');
}
