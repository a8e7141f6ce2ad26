import type { Handler } from '../handler.ts';
import { answering, echoing } from './parts.ts';

/** Handlers of the service `test`. */
export const test: Readonly<Record<string, Handler>> = {
  add: (call, state) => {
    state.counter += (call.init as { n: number }).n;
    call.respond({ result: state.counter });
    return {};
  },
  echo: echoing(),
  echoWithPrefix: (call, state) => echoing(`${(call.init as { prefix: string }).prefix} `)(call, state),
  echoBinary: answering((init) => {
    const { data } = init as { data: Uint8Array };
    return { data, length: data.length };
  }),
  echoRecursive: answering((init) => init),
  array: answering((init) => [(init as { n: number }).n]),
  arrayStream: (call) => ({ request: (value) => call.respond([(value as { n: number }).n]) }),
  echoUnion: answering((init) => init),
  unimplementedUpload: () => {
    throw new Error('Not implemented');
  },
  unimplementedSubscription: () => {
    throw new Error('Not implemented');
  },
};
