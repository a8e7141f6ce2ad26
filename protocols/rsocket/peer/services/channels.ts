import { MAX_31 } from '../../frame.ts';
import { payloadOf, textOf } from '../../value.ts';
import type { Service } from './service.ts';
import { failAsTold } from './told-error.ts';

/** Services of many items in both directions. The first comes with the request. */
export const channels: Readonly<Record<string, Service>> = {
  'channel-echo': (call) => {
    call.request(MAX_31);
    call.item(call.first);
    return { item: (payload) => call.item(payload), inputComplete: () => call.complete() };
  },
  'channel-one-by-one': (call) => {
    call.request(1);
    call.item(call.first);
    return {
      item: (payload) => {
        call.item(payload);
        call.request(1);
      },
      inputComplete: () => call.complete(),
    };
  },
  'channel-sum': (call) => {
    let sum = Number(textOf(call.first.data)) || 0;
    call.request(MAX_31);
    return {
      item: ({ data }) => {
        sum += Number(textOf(data)) || 0;
      },
      inputComplete: () => {
        call.item(payloadOf(String(sum), undefined));
        call.complete();
      },
    };
  },
  'channel-first': (call) => {
    call.request(MAX_31);
    call.item(call.first);
    call.complete();
    return {};
  },
  'channel-stop': (call) => {
    call.item(call.first);
    call.stopInput();
    call.complete();
    return {};
  },
  'channel-error': (call) => {
    call.request(MAX_31);
    call.item(call.first);
    return { item: ({ data }) => failAsTold(call, textOf(data)) };
  },
  'channel-withhold': () => ({}),
};
