import type { Handler } from '../handler.ts';

/** Where cancellableAdd gives up. */
const CANCEL_FROM = 10;

/** Handlers of the service `uploadable`. */
export const uploadable: Readonly<Record<string, Handler>> = {
  addMultiple: summing((sum) => sum),
  addMultipleWithPrefix: (call, state) => summing((sum) => `${(call.init as { prefix: string }).prefix} ${sum}`)(call, state),
  cancellableAdd: (call) => {
    let sum = 0;
    return {
      request(value) {
        sum += (value as { n: number }).n;
        if (sum >= CANCEL_FROM) call.cancel();
      },
      requestsClosed: () => call.respond({ result: sum }),
    };
  },
};

function summing(result: (sum: number) => unknown): Handler {
  return (call) => {
    let sum = 0;
    return {
      request(value) {
        sum += (value as { n: number }).n;
      },
      requestsClosed: () => call.respond({ result: result(sum) }),
    };
  };
}
