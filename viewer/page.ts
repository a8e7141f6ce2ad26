import type { ResultsReport } from '../runner/compare/grammar.ts';
import type { CaseRun, Finding, Glossary, Results } from '../runner/results/result.ts';

/** What a page holds: published results, taken apart so that what is not looked at is not unpacked. */

/** Id of the element that holds a piece: raw deflate in base64. */
export type PieceId = string;

/** The piece that is unpacked first: a `Page`. */
export const INDEX_PIECE: PieceId = 'index';

/** Where the trace or bundle of a case-run is. */
export type EvidencePlace =
  | { readonly kind: 'embedded'; readonly piece: PieceId; readonly form: 'bundle' | 'trace' }
  | { readonly kind: 'left-out'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'none' };

/** A case-run as lists need it. */
export interface ListedRun
  extends Pick<
    CaseRun,
    | 'id'
    | 'case'
    | 'title'
    | 'role'
    | 'binding'
    | 'verdict'
    | 'expected'
    | 'requirements'
    | 'durationMs'
    | 'knownReason'
    | 'skipReason'
    | 'inSet'
    | 'confirmed'
  > {
  /** The finding that stands for the run, and how many there are. */
  readonly findings: readonly Finding[];
  readonly found: number;
  /** Rules that its findings name. */
  readonly broken: readonly string[];
  /** The piece with the whole `CaseRun`, and its index there. */
  readonly whole: readonly [piece: PieceId, index: number];
  readonly evidence: EvidencePlace;
}

/** What became of a rule over all case-runs. */
export interface RuleTally {
  /** Case-runs in which it was examined. */
  readonly examined: number;
  /** Those of them in which it was broken. */
  readonly broken: number;
}

/** The results of one implementation. */
export interface PageSet {
  /** `replit-river 0.17.20`, `reference pair` */
  readonly label: string;
  /** Where the results lie, as a command line takes it; empty where it is not known. */
  readonly folder: string;
  readonly results: Omit<Results, 'runs' | 'glossary' | 'known' | 'greenBefore'>;
  readonly words: Pick<Glossary, 'title' | 'requirements' | 'variations'>;
  /** The piece with the case files, a `Sources`; absent where results hold none. */
  readonly sources?: PieceId;
  readonly tallies: Readonly<Record<string, RuleTally>>;
  readonly runs: readonly ListedRun[];
}

/** Case files with the places of their steps, and in which of them secrets are masked. */
export type Sources = Pick<Glossary, 'cases' | 'files' | 'masked'>;

/** The index of a page. */
export interface Page {
  /** What has become of the case-runs of the first set in the second; absent where the page is no comparison. */
  readonly changes?: ResultsReport;
  readonly sets: readonly PageSet[];
  /** Traces that were left out for their size; absent where none was. */
  readonly leftOut?: { readonly count: number; readonly bytes: number; readonly bound: number };
}
