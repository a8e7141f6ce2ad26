import { expect, test } from 'vitest';
import { MOST_ITEM_BYTES, MOST_ITEMS } from '../../protocols/common/limits.ts';
import type { Outlet } from './handler.ts';
import { procedures } from './procedures.ts';

/** How much a procedure sends to whoever asks for a thousand million items: how many, and their bytes. */
function asked(procedure: string): readonly [items: number, bytes: number] {
  let [items, bytes] = [0, 0];
  const outlet: Partial<Outlet> = {
    send(value) {
      items += 1;
      bytes += value instanceof Uint8Array ? value.length : 0;
    },
    finish() {},
  };
  procedures
    .get(procedure)
    ?.run(outlet as Outlet)
    .message(1_000_000_000 as never);
  return [items, bytes];
}

test('nobody gets more items, or more bytes, than a process can make beside what it has to do', () => {
  expect(asked('lines')[0]).toBe(MOST_ITEMS);
  expect(asked('flood')[1]).toBe(MOST_ITEM_BYTES);
});
