import { emptyPayload } from '../../frames.ts';
import { requestMetadata } from '../../metadata.ts';
import { payloadOf, textOf } from '../../value.ts';
import { afterNominal } from './pause.ts';
import type { Service, ServiceState } from './service.ts';
import { failAsTold } from './told-error.ts';

/** Services of one request and at most one answer. */
export const answers: Readonly<Record<string, Service>> = {
  echo: (call) => {
    call.item(call.first);
    return {};
  },
  empty: (call) => {
    call.item(emptyPayload);
    return {};
  },
  nothing: (call) => {
    call.complete();
    return {};
  },
  error: (call) => {
    failAsTold(call, textOf(call.first.data));
    return {};
  },
  raise: (call) => {
    throw new Error(textOf(call.first.data));
  },
  never: () => ({}),
  twice: (call) => {
    call.item(payloadOf('first', undefined));
    call.item(payloadOf('second', undefined));
    return {};
  },
  slow: (call, surroundings) => {
    const stop = afterNominal(surroundings, Number(textOf(call.first.data)) || 0, () => call.item(call.first));
    return { ended: stop };
  },
  count: (call, { state }) => {
    state.counter += Number(textOf(call.first.data)) || 0;
    call.item(payloadOf(String(state.counter), undefined));
    return {};
  },
  logged: (call, { state }) => {
    call.item(payloadOf(state.log.join(','), undefined));
    return {};
  },
  log: (call, { state }) => {
    noted(state, textOf(call.first.data));
    return {};
  },
  'log-raise': (call, { state }) => {
    noted(state, textOf(call.first.data));
    throw new Error('the handler failed');
  },
  'call-back': (call, { callBack }) => {
    const payload = { data: call.first.data, metadata: requestMetadata('echo', call.first.metadata) };
    const running = callBack(payload, {
      item: (item) => call.item(item),
      complete: () => call.complete(),
      failed: ({ code, text }) => call.fail('APPLICATION_ERROR', `${code} ${text}`),
    });
    return { ended: () => running.cancel() };
  },
  'push-back': (call, { pushBack }) => {
    pushBack(call.first.data);
    call.item(emptyPayload);
    return {};
  },
};

/** Adds to the log as long as there is room in it. */
function noted(state: ServiceState, text: string): void {
  state.room.take(text.length);
  if (!state.room.isExhausted) state.log.push(text);
}
