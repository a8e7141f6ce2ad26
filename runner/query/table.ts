import type { Verdict } from '../results/result.ts';

/** What is asked of: case-runs down, implementations and days across. Where a case-run was not run by one there is no cell. */
export interface VerdictTable {
  /** Oldest first, so that a sequence goes forward: versions of one implementation, or days of one version. */
  readonly columns: readonly VerdictColumn[];
  readonly rows: readonly VerdictRow[];
}

/** One version of one implementation, on one day. */
export interface VerdictColumn {
  /** As `weir run --implementation` takes it; `reference` for the reference pair. With the day behind it where there are several. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** What follows what: columns of one track are one behind the other. */
  readonly track: string;
}

/** One case under one role and binding. */
export interface VerdictRow {
  /** Case, role and binding, as in river/rpc/add@client+json. */
  readonly id: string;
  readonly area: string;
  readonly role: 'client' | 'server';
  readonly binding: string;
  readonly title: string;
  /** The rules that its case tests. */
  readonly requirements: readonly string[];
  /** By column, in their order; undefined: it was not run there. */
  readonly cells: readonly (VerdictCell | undefined)[];
}

/** What became of one case-run in one column. */
export interface VerdictCell {
  /** The worst of its repeats. */
  readonly verdict: Verdict;
  /** The rules that it broke. */
  readonly broken: readonly string[];
  /** Fingerprints of its findings. */
  readonly causes: readonly string[];
  /** Whether it does not always give this verdict. */
  readonly flaky: boolean;
  /** Whether it is listed among the known failures; undefined where that is not told. */
  readonly known: boolean | undefined;
}
