/** Which of two ladders a row is on. */
export type SideName = 'observed' | 'golden';

/** What the two traces are called, for people. */
export interface SideNames extends Readonly<Record<SideName, string>> {
  readonly short: Readonly<Record<SideName, string>>;
  /** Heads of the columns where differing members stand beside each other. */
  readonly sends: Readonly<Record<SideName, string>>;
  /** Before a member as the other trace has it. */
  readonly member: Readonly<Record<SideName, string>>;
  /** Before what is said of a frame of `golden`. */
  readonly prefix: string;
  /** Whether the ends have the names of programs. */
  readonly ends: 'named' | 'nameless';
}
