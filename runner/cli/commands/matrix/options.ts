/** Options of `weir matrix`. */
export interface MatrixOptions {
  readonly implementation: readonly string[];
  readonly only: readonly string[];
  readonly case: readonly string[];
  readonly jobs: number;
  readonly limit: number;
  readonly repeat: number;
  readonly fresh: boolean;
  readonly work: string;
  readonly output: string;
  readonly append: boolean;
  readonly check: boolean;
  /** File that says, by protocol, which cases and rows there are. */
  readonly choice?: string;
  /** Most minutes of all together. */
  readonly within?: number;
  /** File that a run of the mutants left. */
  readonly mutants?: string;
}
