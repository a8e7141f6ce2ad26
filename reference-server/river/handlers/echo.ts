import type { Handler } from '../handler.ts';
import { answering } from './parts.ts';

/** Handlers of the service `echo`. */
export const echo: Readonly<Record<string, Handler>> = {
  any: answering((value) => ({ value })),
  anyStream: (call) => ({
    request: (request) => call.respond({ value: (request as { value: unknown }).value }),
    requestsClosed: () => call.close(),
  }),
};
