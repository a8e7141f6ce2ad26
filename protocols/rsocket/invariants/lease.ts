import type { Role } from '../../common/frame.ts';
import { forgetConnections } from '../../common/judging.ts';
import { ERROR_CODES } from '../error-codes.ts';
import { FLAG, has, isRequest } from '../frame.ts';
import { frameInvariant, Table } from './judging.ts';

/** Ms after the arrival of a lease in which its receiver may not have read it. */
const UNREAD_MS = 250;

interface Lease {
  readonly n: number;
  readonly t: number;
  readonly ttlMs: number;
  left: number;
}

/** Beside the newest lease only the one before it can still count. */
function keep(leases: Lease[], newest: Lease): void {
  leases.push(newest);
  if (leases.length > 2) leases.shift();
}

/** Leases: no request without one, none beyond it, and what is outside is rejected. */
export const lease = frameInvariant(
  'lease',
  ['RSOCKET-LEASE-01', 'RSOCKET-LEASE-03', 'RSOCKET-LEASE-04', 'RSOCKET-LEASE-05', 'RSOCKET-LEASE-06'],
  (check, facts) => {
    const ttlOf = (role: Role): number | undefined => {
      const [only, second] = facts.instances?.filter((each) => each.role === role) ?? [];
      return second === undefined ? only?.timers['leaseTtlMs'] : undefined;
    };
    const honoured = new Set<number>();
    /** By session and role: leases that arrived there, the newest last. */
    const granted = new Table<{ leases: Lease[] }>(() => ({ leases: [] }));
    /** By session and role: the newest lease that this end sent. */
    const given = new Table<{ leases: Lease[] }>(() => ({ leases: [] }));
    const outside = new Table<{ readonly ids: Set<number> }>(() => ({ ids: new Set() }));
    return {
      received: (frame, { n, t, session, role }) => {
        if (!honoured.has(session)) return;
        if (frame.type === 'LEASE') keep(granted.at(session, role).leases, { n, t, ttlMs: frame.ttlMs, left: frame.requests });
        const { leases } = given.at(session, role);
        if (!isRequest(frame) || leases.length === 0) return;
        // A request may have crossed with the newest lease.
        const fits = leases.slice(-2).filter((each) => each.left > 0 && t - each.t <= each.ttlMs + UNREAD_MS);
        for (const each of leases) each.left -= 1;
        if (fits.length === 0) outside.at(session, role).ids.add(frame.streamId);
      },
      sent: (frame, { n, t, session, role, resent }) => {
        if (frame.type === 'SETUP' && has(frame, FLAG.LEASE)) honoured.add(session);
        if (!honoured.has(session) || resent) return;
        const ttlMs = ttlOf(role);
        if (frame.type === 'LEASE' && ttlMs !== undefined) {
          const what = () => `a LEASE for ${frame.ttlMs} ms, where ${ttlMs} ms were asked for`;
          check(Math.abs(frame.ttlMs - ttlMs) < 1, 'RSOCKET-LEASE-06', role, what, [n]);
        }
        if (frame.type === 'LEASE') keep(given.at(session, role).leases, { n, t, ttlMs: frame.ttlMs, left: frame.requests });
        if (frame.streamId !== 0 && outside.at(session, role).ids.has(frame.streamId) && !isRequest(frame)) {
          const rejected = frame.type === 'ERROR' && frame.code === ERROR_CODES.REJECTED;
          check(rejected, 'RSOCKET-LEASE-05', role, () => `${frame.type} answers a request outside of the lease`, [n]);
        }
        if (!isRequest(frame)) return;
        const { leases } = granted.at(session, role);
        const newest = leases.at(-1);
        if (!check(newest !== undefined, 'RSOCKET-LEASE-01', role, () => `${frame.type} before any LEASE`, [n]) || newest === undefined)
          return;
        const before = leases.at(-2);
        const usable = (each: Lease | undefined): boolean => each !== undefined && each.left > 0 && t - each.t <= each.ttlMs + UNREAD_MS;
        const crossed = t - newest.t <= UNREAD_MS && usable(before);
        const right = usable(newest) || crossed;
        const replaced = !right && usable(before);
        const rule = replaced ? 'RSOCKET-LEASE-04' : 'RSOCKET-LEASE-03';
        check(right, rule, role, () => `${frame.type} beyond the lease of ${newest.ttlMs} ms`, [n, newest.n]);
        if (right && before !== undefined) check(true, 'RSOCKET-LEASE-04', role);
        for (const each of leases) each.left -= 1;
      },
      forget: ({ isSessionOver }) => {
        forgetConnections(honoured, { isOver: isSessionOver });
        for (const table of [granted, given, outside]) table.drop((_, session) => isSessionOver(session));
      },
    };
  },
);
