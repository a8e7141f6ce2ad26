import { MESSAGE_LIMITS } from '../../common/limits.ts';

/** Longest frame that is read, in bytes: as the longest message on other carriers. What is longer passes unread. */
export const LONGEST_FRAME = 256 * 1024 * 1024;

/** Longest command in words, in bytes without its line end: what Redis itself takes (`PROTO_INLINE_MAX_SIZE`). */
export const LONGEST_INLINE = 64 * 1024;

/** Longest line that says a length or a count: a sign and the digits of 64 bits. */
export const LONGEST_COUNT = 20;

/** Levels of lists and maps inside each other. */
export const DEEPEST = MESSAGE_LIMITS.depth;
