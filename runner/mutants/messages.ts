import type { Role } from '../../protocols/common/frame.ts';
import type { Amount } from '../plan/amount.ts';
import type { Verdict } from '../results/result.ts';
import type { Subject } from './nearest-first.ts';
import type { Watched } from './probes.ts';
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
  /** Peers whose probes the registry has; which case-runs reach them is reported. */
  readonly watched: readonly Watched[];
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

/** What a worker is given at its start. */
export interface WorkerStart {
  readonly setup: WorkerSetup;
  /** Where it says at which case-run it is (life.ts). */
  readonly life: SharedArrayBuffer;
}

/** What a job comes to beside what is told as it happens. */
export interface JobDone {
  /** Case-runs carried out. */
  readonly runs: number;
  /** By run id: what its trace amounts to, where the job asked for it. */
  readonly digests: ReadonlyMap<string, string>;
  /** By id of a peer that the job watched for: the run ids that reached it. */
  readonly reached: ReadonlyMap<string, readonly string[]>;
}

/** What a worker reports. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** A case-run that did not pass; `breaks` a build, or only warns. */
  | {
      readonly kind: 'noticed';
      readonly run: string;
      readonly case: string;
      readonly breaks: boolean;
      readonly verdict: Verdict;
      readonly witnesses: readonly Witness[];
    }
  /** What is to be known of a patched peer beside what noticed it. */
  | { readonly kind: 'remark'; readonly text: string }
  | ({ readonly kind: 'done' } & JobDone)
  /** The worker itself stumbled: a bug here, not a patched peer's doing. */
  | { readonly kind: 'broken'; readonly reason: string };
