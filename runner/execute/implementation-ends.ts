import type { Role } from '../../protocols/common/frame.ts';
import type { OpenImplementation } from '../adapters/pool.ts';
import { within } from '../adapters/within.ts';
import type { World } from '../worlds/world.ts';
import type { Assignment, WithEnds } from './corpus-run.ts';
import { inProcess, type ReferenceEnds } from './reference-ends.ts';
import { runLimitMs, stepsLimitMs, TimeLimitError } from './time-limit.ts';

/**
 * Gives runs their ends: the implementation, where there is one, plays the role under test, and a reference peer the other.
 * The wall clock stands behind every other bound: a run that passes its limit is given up with a `TimeLimitError`.
 */
export function endsFrom(
  reference: ReferenceEnds,
  implementation: OpenImplementation | undefined,
  world: Pick<World, 'timeScale' | 'patienceMs'>,
  timeoutMs: number | undefined,
): WithEnds {
  const limited = async <T>({ case: { steps } }: Assignment, running: Promise<T>): Promise<T> => {
    const limit = runLimitMs(stepsLimitMs(steps, world, timeoutMs));
    const waited = await within(running, limit);
    if (waited.type === 'done') return waited.value;
    throw new TimeLimitError(`the case-run was given up after ${Math.round(limit)} ms of wall clock`);
  };
  if (implementation === undefined) {
    return (assignment, _company, use) => limited(assignment, use(inProcess(reference)));
  }
  return async (assignment, company, use) => {
    const lease = await implementation.acquire(company);
    const { failed, accuse, lostMs, fresh } = lease;
    const own = { failed, accuse, lostMs, fresh };
    const ends: Record<Role, ReferenceEnds> = {
      client: { ...reference, client: { kind: 'implementation', peer: async (events) => lease.client(events), ...own } },
      server: { ...reference, server: { kind: 'implementation', peer: async (events) => lease.server(events), ...own } },
    };
    try {
      const news = { shared: () => lease.shared(), broken: () => lease.failure(), stderr: () => lease.stderr() };
      return await limited(assignment, use({ ...ends[assignment.role], ...news }));
    } finally {
      await lease.release();
    }
  };
}
