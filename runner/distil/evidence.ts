import { peerOf, type Role } from '../../protocols/common/frame.ts';
import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { CallFacts } from '../../protocols/common/normalise.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import type { Bundle, TraceFile } from '../bundles/format.ts';
import { readContext } from '../bundles/format.ts';
import { readEvents } from '../bundles/records.ts';
import type { Catalogue } from '../cases/case.ts';
import type { Finding } from '../results/result.ts';
import { findingsIn } from './recorded.ts';

/** What was recorded of a run, whoever recorded it. */
export interface Evidence {
  readonly trace: Trace;
  readonly facts: RunFacts;
  readonly calls: readonly CallFacts[];
  readonly binding: string;
  readonly timeScale: number;
  /** The end under test, where it is known. */
  readonly role: Role | undefined;
  /** How many older events are gone. */
  readonly gone: number;
}

/** A finding, and whom it blames. */
export interface Blame {
  readonly finding: Finding;
  readonly role: Role;
}

/** Reads the trace of a trace file. Throws an `EvidenceError` where it is malformed. */
export function evidenceOfTrace({ head, records }: TraceFile, file: string, protocol: Protocol): Evidence {
  const whole = readEvents(records, protocol, head.binding, file);
  const { binding, timeScale, role, first = 0 } = head;
  return { ...readContext(head, file), trace: whole.slice(0, head.closing), binding, timeScale, role, gone: first };
}

/** Reads the trace that a bundle observed; undefined where there is none. Throws an `EvidenceError` where it is malformed. */
export function evidenceOfBundle({ observed, binding, timeScale, role }: Bundle, file: string, protocol: Protocol): Evidence | undefined {
  if (observed === undefined) return undefined;
  const whole = readEvents(observed.trace, protocol, binding, file);
  return { ...readContext(observed, file), trace: whole.slice(0, observed.closing), binding, timeScale, role, gone: 0 };
}

/**
 * What today's rules find in recorded traffic: against the end under test or, where nobody knows which that is, against either. The
 * weightiest first of each end, what is disputed last.
 */
export function blamesIn(
  protocol: Protocol,
  { trace, facts, role }: Evidence,
  { requirements }: Catalogue,
  wanted: Role | undefined,
): Blame[] {
  const under = wanted ?? role;
  const roles: readonly Role[] = under === undefined ? ['client', 'server'] : [under];
  return roles.flatMap((each) =>
    // What the other end did wrong is told of it, not of the harness.
    findingsIn(protocol, trace, { ...facts, scripted: [peerOf(each)] }, each, requirements).map((finding) => ({ finding, role: each })),
  );
}
