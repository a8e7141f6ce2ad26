/** Longest that a timer can be set to, in ms: Node lets one that is longer ring at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;
