/**
 * What a sweep does to one frame of a nominal case; nothing that cannot happen on an ordered stream. One loses no single frame:
 * `drop` is the frame and all that its sender writes behind it, until the connection is given up. One repeats none either, but a
 * resume does. `silence`: it comes once both ends have given the connection up. `outage`: the connection is lost before it, and no
 * further one comes to be.
 */
export const sweepKinds = ['cut-before', 'cut-inside', 'cut-after', 'drop', 'duplicate', 'split', 'silence', 'outage'] as const;

/** A kind of variant. */
export type SweepKind = (typeof sweepKinds)[number];

/**
 * What applications may count on: `bridged`, they read what they would have read undisturbed, once and in order; `told`, nothing but
 * that each call whose end they wait for ends, and the rules.
 */
export type Promised = 'bridged' | 'told';

/** What a protocol promises, by what happens to a frame. What is not named means nothing there and is not tried. */
export type Promises = Readonly<Partial<Record<SweepKind, Promised>>>;

/** What holds where nothing outlives its connection, and nothing numbers frames. */
export const OF_A_CONNECTION: Promises = {
  'cut-before': 'told',
  'cut-inside': 'told',
  'cut-after': 'told',
  split: 'bridged',
  outage: 'told',
};
