import type { Handler } from '../handler.ts';

/** A handler that answers at once with a value made of the Init. */
export function answering(make: (init: unknown) => unknown): Handler {
  return (call) => {
    call.respond(make(call.init));
    return {};
  };
}

/** A stream handler that answers each request with its `msg` behind a prefix, unless `ignore` is true, and closes after the client. */
export function echoing(prefix = ''): Handler {
  return (call) => ({
    request(value) {
      const { msg, ignore } = value as { msg: string; ignore?: boolean };
      if (ignore !== true) call.respond({ response: `${prefix}${msg}` });
    },
    requestsClosed: () => call.close(),
  });
}

/** A handler that never answers and never closes. */
export const blocking: Handler = () => ({});

/** A handler that raises at once. */
export const throwing: Handler = () => {
  throw new Error('some message');
};

/** A handler that cancels at once. */
export const cancelling: Handler = (call) => {
  call.cancel();
  return {};
};
