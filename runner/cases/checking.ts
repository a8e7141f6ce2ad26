/** Steps that can fail: without one of them, and without `expect`, a case checks nothing. */
export const CHECKING: ReadonlySet<string> = new Set([
  ...(['start', 'receive', 'end', 'status', 'handler', 'closed', 'opened', 'await', 'quiet', 'broker'] as const),
]);
