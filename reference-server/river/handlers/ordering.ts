import type { Handler } from '../handler.ts';

/** Handlers of the service `ordering`. */
export const ordering: Readonly<Record<string, Handler>> = {
  add: (call, state) => {
    const { n } = call.init as { n: number };
    state.log.push(n);
    call.respond({ n });
    return {};
  },
  getAll: (call, state) => {
    call.respond({ msgs: [...state.log] });
    return {};
  },
};
