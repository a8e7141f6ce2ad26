import { peerOf, type Role } from '../../protocols/common/frame.ts';
import type { AdapterLease } from '../adapters/lease.ts';
import type { OpenImplementation } from '../adapters/pool.ts';
import { within } from '../adapters/within.ts';
import type { World } from '../worlds/world.ts';
import type { Assignment, WithEnds } from './case-run.ts';
import { inProcess, type ReferenceEnds } from './reference-ends.ts';
import { runLimitMs, stepsLimitMs, TimeLimitError } from './time-limit.ts';

/**
 * Gives runs their ends: the implementation, where there is one, plays the role under test, and `against`, or a reference peer, the other.
 * The wall clock stands behind every other bound: a run that passes its limit is given up with a `TimeLimitError`.
 */
export function endsFrom(
  reference: ReferenceEnds,
  implementation: OpenImplementation | undefined,
  world: Pick<World, 'timeScale' | 'patienceMs'>,
  timeoutMs: number | undefined,
  against?: OpenImplementation | undefined,
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
    let opposite: AdapterLease | undefined;
    try {
      opposite = await against?.acquire(company);
      const { role } = assignment;
      const other = opposite === undefined ? {} : playedBy(opposite, peerOf(role), against?.dials);
      const leases = opposite === undefined ? [lease] : [lease, opposite];
      const news = {
        shared: () => leases.some((each) => each.shared()),
        broken: () => leases.map((each) => each.failure()).find((failure) => failure !== undefined),
        stderr: () => leases.map((each) => each.stderr()).join(''),
      };
      return await limited(assignment, use({ ...reference, ...other, ...playedBy(lease, role, implementation.dials), ...news }));
    } finally {
      await Promise.all([lease.release(), opposite?.release()]);
    }
  };
}

/** That role, played by an adapter. */
function playedBy(lease: AdapterLease, role: Role, dials: OpenImplementation['dials']): Partial<ReferenceEnds> {
  const { failed, accuse, lostMs, fresh } = lease;
  const own = { kind: 'implementation' as const, failed, accuse, dials, lostMs, fresh };
  return role === 'client'
    ? { client: { ...own, peer: async (events) => lease.client(events) } }
    : { server: { ...own, peer: async (events) => lease.server(events) } };
}
