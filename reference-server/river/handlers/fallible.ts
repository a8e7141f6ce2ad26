import type { Handler } from '../handler.ts';

/** Handlers of the service `fallible`. */
export const fallible: Readonly<Record<string, Handler>> = {
  divide: (call) => {
    const { a, b } = call.init as { a: number; b: number };
    const result = a / b;
    if (b === 0) call.fail({ code: 'DIV_BY_ZERO', message: 'Cannot divide by zero' });
    else if (!Number.isFinite(result)) call.fail({ code: 'INFINITY', message: 'Result is infinity' });
    else call.respond({ result });
    return {};
  },
  echo: (call) => ({
    request(value) {
      const { msg, throwResult, throwError } = value as { msg: string; throwResult?: boolean; throwError?: boolean };
      if (throwError === true) throw new Error('uncaught error');
      if (throwResult === true) call.fail({ code: 'STREAM_ERROR', message: 'field throwResult was set to true' });
      else call.respond({ response: msg });
    },
    requestsClosed: () => call.close(),
  }),
};
