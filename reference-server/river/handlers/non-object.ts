import type { Handler } from '../handler.ts';
import { answering } from './parts.ts';

/** Handlers of the service `nonObject`. */
export const nonObject: Readonly<Record<string, Handler>> = {
  add: answering((init) => (init as number) + 1),
};
