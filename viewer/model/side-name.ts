/** Which of two ladders a row is on. */
export type SideName = 'observed' | 'golden';
