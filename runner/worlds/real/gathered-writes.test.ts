import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concatenate } from '../../../protocols/common/byte-queue.ts';
import { GatheredWrites } from './gathered-writes.ts';

it('gives back the bytes in order, whatever the pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 5 })), (pieces) => {
      const writes = new GatheredWrites();
      writes.add(pieces);
      expect(concatenate(writes.take())).toEqual(concatenate(pieces));
      expect(writes.take()).toEqual([]);
    }),
  );
});

it('makes one of what follows each other in memory, and only of that', () => {
  const chunk = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const writes = new GatheredWrites();
  writes.add([chunk.subarray(0, 2), chunk.subarray(2, 4)]);
  writes.add([chunk.subarray(5, 6)]);
  writes.add([Uint8Array.of(7)]);
  expect(writes.take()).toEqual([Uint8Array.of(1, 2, 3, 4), Uint8Array.of(6), Uint8Array.of(7)]);
});
