import type { Call, Handler } from '../handler.ts';
import { tokenOf } from '../policy.ts';

/** Handlers of the service `handshake`. */
export const handshake: Readonly<Record<string, Handler>> = {
  token: (call) => {
    answer(call);
    return {};
  },
  watchToken: (call) => ({ request: () => answer(call), requestsClosed: () => call.close() }),
};

function answer(call: Call): void {
  call.respond({ token: tokenOf(call.metadata()) ?? null });
}
