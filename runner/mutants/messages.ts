import type { Role } from '../../protocols/common/frame.ts';
import type { Amount } from '../plan/amount.ts';
import type { Verdict } from '../results/result.ts';
import type { Subject } from './nearest-first.ts';
import type { Place } from './places.ts';
import type { Trial } from './trial.ts';

/** What a worker is to run: the corpus for one role, with the peer of that role taken from a built registry. */
export interface Job {
  /** Id of the patched peer; `unpatched` for the peers as they are. */
  readonly id: string;
  readonly role: Role;
  /** Path of the built registry. */
  readonly registry: string;
  readonly bindings: 'all' | 'first';
  /** Case-runs that the unpatched peers do not get through; they can tell nothing. */
  readonly without: readonly string[];
  /** The case-runs to make, by run id; those without sense for the role are left out. */
  readonly only: 'all' | readonly string[];
  /** What the cases that come first are about. */
  readonly subject: Subject;
  /** Stop at the first case-run that does not pass. */
  readonly quick: boolean;
  /** Report what each case-run's trace amounts to, to be compared with that of other peers. */
  readonly digests: boolean;
  /** Places in the registry's module; which of them each case-run reaches is reported. */
  readonly places: readonly Place[];
}

/** What a worker is started with. */
export interface WorkerSetup {
  readonly protocol: string;
  /** Globs of case ids; empty for all. */
  readonly patterns: readonly string[];
  /** How much of the combinations of files with axes is run. */
  readonly axes: Amount;
  readonly seed: number;
  readonly by: Trial;
}

/** What noticed something in a case-run: `expectation` and `step:3`, `invariant` and `invariant:river/acks`, … */
export interface Witness {
  readonly judge: string;
  readonly checkpoint: string;
  readonly message: string;
}

/** What a worker reports. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** A case-run begins: a sign of life. `long`: the next may take its time. */
  | { readonly kind: 'begin'; readonly run: string; readonly case: string; readonly long: boolean }
  /** A case-run that did not pass; `breaks` a build, or only warns. */
  | {
      readonly kind: 'noticed';
      readonly run: string;
      readonly case: string;
      readonly breaks: boolean;
      readonly verdict: Verdict;
      readonly witnesses: readonly Witness[];
    }
  /** A case-run ended, with a digest of its trace as it was recorded. */
  | { readonly kind: 'recorded'; readonly run: string; readonly digest: string }
  /** What a case-run reached of the job's places, by their ids. */
  | { readonly kind: 'reached'; readonly run: string; readonly ids: readonly string[] }
  /** What is to be known of a patched peer beside what noticed it. */
  | { readonly kind: 'remark'; readonly text: string }
  | { readonly kind: 'done'; readonly runs: number }
  /** The worker itself stumbled: a bug here, not a patched peer's doing. */
  | { readonly kind: 'broken'; readonly reason: string };
