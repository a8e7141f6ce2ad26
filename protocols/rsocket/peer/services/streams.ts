import { itemsWithin } from '../../../common/limits.ts';
import type { Payload } from '../../frames.ts';
import { payloadOf, textOf } from '../../value.ts';
import { afterNominal } from './pause.ts';
import type { Service } from './service.ts';
import { failAsTold } from './told-error.ts';

/** Nominal ms between the items of `ticks-slow`. */
const PAUSE_MS = 50;

/** Services of one request and many items. `3` asks for that many; what follows it is the procedure's own. */
export const streams: Readonly<Record<string, Service>> = {
  ticks: (call) => {
    call.items(numbered(countOf(call.first)));
    return {};
  },
  'ticks-slow': (call, surroundings) => {
    const count = countOf(call.first);
    let sent = 0;
    let stop = (): void => {};
    const next = (): void => {
      if (sent === count) {
        call.complete();
        return;
      }
      sent += 1;
      call.item(payloadOf(String(sent), undefined));
      stop = afterNominal(surroundings, PAUSE_MS, next);
    };
    next();
    return { ended: () => stop() };
  },
  'ticks-metadata': (call) => {
    call.items(numbered(countOf(call.first), (i) => `m${i}`));
    return {};
  },
  'ticks-blocks': (call) => {
    const [count = 0, size = 0] = textOf(call.first.data).split(' ').map(Number);
    const bytes = itemsWithin(size, 1, LARGEST_ITEM);
    call.items(blocks(itemsWithin(count, bytes), bytes));
    return {};
  },
  'ticks-error': (call) => {
    const [count = '', ...told] = textOf(call.first.data).split(' ');
    for (const item of numbered(itemsWithin(Number(count)))) call.item(item);
    failAsTold(call, told.join(' '));
    return {};
  },
  'ticks-open': (call) => {
    for (const item of numbered(countOf(call.first))) call.item(item);
    return {};
  },
};

/** Bytes of one item. */
const LARGEST_ITEM = 64 * 1024 * 1024;

function countOf({ data }: Payload): number {
  return itemsWithin(Number(textOf(data).split(' ')[0]));
}

function* numbered(count: number, metadata?: (i: number) => string): Generator<Payload> {
  for (let i = 1; i <= count; i += 1) yield payloadOf(String(i), metadata?.(i));
}

/** Items of many bytes, each its number over and over, so that a piece in the wrong place shows. */
function* blocks(count: number, size: number): Generator<Payload> {
  for (let i = 1; i <= count; i += 1) yield { data: new Uint8Array(Buffer.alloc(size, String(i % 10))), metadata: undefined };
}
