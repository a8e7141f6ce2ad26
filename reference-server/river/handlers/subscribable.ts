import type { Handler } from '../handler.ts';

/** Handlers of the service `subscribable`. */
export const subscribable: Readonly<Record<string, Handler>> = {
  add: (call, state) => {
    state.subscribable += (call.init as { n: number }).n;
    for (const tell of [...state.subscribers]) tell(state.subscribable);
    call.respond({ result: state.subscribable });
    return {};
  },
  value: (call, state) => {
    const tell = (count: number): void => call.respond({ count });
    tell(state.subscribable);
    state.subscribers.add(tell);
    const unsubscribe = (): void => {
      state.subscribers.delete(tell);
    };
    return {
      requestsClosed() {
        unsubscribe();
        call.close();
      },
      ended: unsubscribe,
    };
  },
};
