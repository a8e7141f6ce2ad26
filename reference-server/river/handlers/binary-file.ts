import type { Handler } from '../handler.ts';
import { answering } from './parts.ts';

/** Handlers of the service `BinaryFile`. */
export const binaryFile: Readonly<Record<string, Handler>> = {
  getFile: answering((init) => ({ contents: new TextEncoder().encode(`contents for file ${(init as { file: string }).file}`) })),
};
