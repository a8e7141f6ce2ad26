/** Longest that a timer can be set to, in ms: Node lets one that is longer ring at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Longest that a case may ask to wait for something, in nominal ms: a day. Scaled by any factor there is, Node counts it right. */
export const LONGEST_WAIT_MS = 86_400_000;
