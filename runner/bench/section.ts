import type { Protocol } from '../../protocols/common/protocol.ts';
import type { BenchData } from './bench-data.ts';

/** A protocol of the registry, and what is measured of it alone. */
export interface BenchedProtocol {
  readonly name: string;
  readonly protocol: Protocol;
  readonly data: BenchData;
}

/** What a section is measured with. */
export interface Bench {
  /** Small sizes and few rounds. Bars of whole corpora are then not asked for. */
  readonly quick: boolean;
  /** Those that were chosen. */
  readonly protocols: readonly BenchedProtocol[];
  /** Says what cannot be measured here, and why. */
  readonly leaveOut: (what: string, error: unknown) => void;
}

/** A table, and the figures in it as programs want them. */
export interface Measured {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly values: unknown;
}

/** A part of the benchmark: one file a section, all of them in `sections.ts`. */
export interface Section {
  /** `proxy`: how it is chosen, and the mark of its table in a text. */
  readonly name: string;
  readonly title: string;
  /** Whether it says something of each protocol; else it is left out where only protocols were chosen. */
  readonly perProtocol: boolean;
  readonly measure: (bench: Bench) => Promise<Measured>;
}

/** A measurement that not every machine can make: nothing where it fails, and the reason is told. */
export async function whereItCan<T>(bench: Bench, what: string, measure: () => Promise<T>): Promise<T[]> {
  try {
    return [await measure()];
  } catch (error) {
    bench.leaveOut(what, error);
    return [];
  }
}
