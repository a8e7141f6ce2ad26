/** Bytes for the ids of a case-run and of its case. */
const TEXT_BYTES = 4096;

/** Numbers before them: how many case-runs have begun, whether this one may take long, how many bytes its ids take. */
const NUMBERS = 3;

/** At which case-run a thread is. */
export interface Whereabouts {
  readonly run: string;
  readonly case: string;
  /** It may take its time. */
  readonly long: boolean;
}

/**
 * Memory in which a thread says at which case-run it is, for who asks only now and then: to hear of each costs as much as a tenth of a
 * case-run.
 */
export function newLife(): SharedArrayBuffer {
  return new SharedArrayBuffer(NUMBERS * Int32Array.BYTES_PER_ELEMENT + TEXT_BYTES);
}

/** Says there that the next case-run begins. */
export function tellLife(life: SharedArrayBuffer, at: Whereabouts): void {
  const numbers = new Int32Array(life, 0, NUMBERS);
  numbers[1] = at.long ? 1 : 0;
  numbers[2] = textOf(life).write(`${at.case}\n${at.run}`);
  Atomics.add(numbers, 0, 1);
}

/** How many case-runs have begun, and which was the last; its ids are whole once it goes on no more. */
export function readLife(life: SharedArrayBuffer): Whereabouts & { readonly begun: number } {
  const [begun = 0, long, bytes] = new Int32Array(life, 0, NUMBERS);
  const [ofCase = '', run = ''] = textOf(life).toString('utf8', 0, bytes).split('\n');
  return begun === 0 ? { begun, run: 'none', case: 'none', long: false } : { begun, run, case: ofCase, long: long === 1 };
}

function textOf(life: SharedArrayBuffer): Buffer {
  return Buffer.from(life, NUMBERS * Int32Array.BYTES_PER_ELEMENT);
}
