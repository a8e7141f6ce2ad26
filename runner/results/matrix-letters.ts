/** The letter of each verdict in a row of a matrix. */
export const VERDICT_LETTERS = { pass: 'p', question: 'q', warn: 'w', fail: 'f', skip: 's', error: 'e', unclear: 'u' } as const;
/** The letter of what a row has no verdict of. */
export const NOT_RUN = '-';
