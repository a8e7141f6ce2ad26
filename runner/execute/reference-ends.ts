import type { MakeReferenceClient, MakeReferenceServer } from '../../protocols/common/protocol.ts';
import type { RunEnds, WithEnds } from './case-run.ts';

/** Both ends played by reference peers. */
export type ReferenceEnds = Pick<RunEnds, 'client' | 'server'>;

/** The ends that these reference peers play. */
export function referenceEnds(makeClient: MakeReferenceClient, makeServer: MakeReferenceServer): ReferenceEnds {
  return { client: { kind: 'reference', make: makeClient }, server: { kind: 'reference', make: makeServer } };
}

/** Reference ends as the ends of a run: no adapter process is shared, or has anything to say. */
export function inProcess(ends: ReferenceEnds): RunEnds {
  return { ...ends, shared: () => false, stderr: () => undefined };
}

/** Gives every run the same reference ends. */
export function alwaysInProcess(ends: ReferenceEnds): WithEnds {
  return (_assignment, _company, use) => use(inProcess(ends));
}
