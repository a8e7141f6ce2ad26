import type { Command } from 'commander';

/** Waits for the exit code that a command's action comes to, tells what it failed with, and lets the process end. */
export type Conclude = (code: Promise<number>) => Promise<void>;

/**
 * Adds a command to the program: its name, its options, its help, and its action. Declarations are read at every start, for help
 * too, so what only an action needs is imported by the action when it begins.
 */
export type Declare = (program: Command, conclude: Conclude) => void;
