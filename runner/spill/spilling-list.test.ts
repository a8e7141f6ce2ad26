import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSpillFile } from './spill-file.ts';
import { type SpillForm, SpillingList } from './spilling-list.ts';

interface Weight {
  readonly name: number;
  readonly bytes: number;
}

const read = (plain: unknown, bytes: () => Uint8Array): Weight[] => {
  const weights = plain as Weight[];
  expect([...bytes()]).toEqual([weights.length % 256]);
  return weights;
};
const plain: SpillForm<Weight> = {
  size: ({ bytes }) => bytes,
  write: (weights) => ({ plain: weights, bytes: [Uint8Array.of(weights.length % 256)] }),
  read,
};

/** A list of so heavy elements, of which few bytes stay in memory. */
function listOf(weights: readonly number[], most: number): { list: SpillingList<Weight>; elements: Weight[] } {
  const list = new SpillingList(plain, most, openSpillFile);
  const elements = weights.map((bytes, name) => ({ name, bytes }));
  for (const element of elements) list.push(element);
  return { list, elements };
}

const MIB = 1024 * 1024;
const anyWeights = fc.array(fc.constantFrom(1, 1000, MIB, 5 * MIB), { maxLength: 60 });

test('it reads like an array, whatever of it is on disk', () => {
  fc.assert(
    fc.property(anyWeights, fc.integer({ min: 0, max: 20 * MIB }), fc.nat(70), fc.nat(70), (weights, most, a, b) => {
      const { list, elements } = listOf(weights, most);
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      expect(list.length).toBe(elements.length);
      expect([...list]).toEqual(elements);
      expect([...list.slice(from, to)]).toEqual(elements.slice(from, to));
      expect([...list.slice(from).slice(1, to)]).toEqual(elements.slice(from).slice(1, to));
      expect(list.slice(from, to).length).toBe(elements.slice(from, to).length);
      expect(list.at(a)).toEqual(elements.at(a));
      expect(list.slice(from, to).at(b)).toEqual(elements.slice(from, to).at(b));
      list.close();
    }),
  );
});

test('it can be read in any order', () => {
  const { list, elements } = listOf(
    Array.from({ length: 5000 }, () => 10),
    20_000,
  );
  fc.assert(
    fc.property(fc.nat(4999), (at) => {
      expect(list.at(at)).toEqual(elements[at]);
    }),
  );
  list.close();
  // Some of it was on disk.
  expect(() => list.at(0)).toThrow(/given back/);
});

test('what is added while it is read is read too', () => {
  const { list } = listOf(
    Array.from({ length: 2000 }, () => 10),
    1,
  );
  let read = 0;
  for (const { name } of list) {
    expect(name).toBe(read);
    read += 1;
    if (read % 2 === 0 && list.length < 4000) list.push({ name: list.length, bytes: 10 });
  }
  expect(read).toBe(list.length);
  list.close();
});

test('a short one touches no disk, and a long one leaves no file', () => {
  const files = () => readdirSync(tmpdir()).filter((name) => name.startsWith('weir-spill-'));
  const before = files();
  const opened: number[] = [];
  const open = () => {
    opened.push(1);
    return openSpillFile();
  };
  const list = new SpillingList(plain, 50 * MIB, open);
  for (let name = 0; name < 10; name += 1) list.push({ name, bytes: 4 * MIB });
  expect(opened).toEqual([]);
  for (let name = 0; name < 10; name += 1) list.push({ name, bytes: 4 * MIB });
  expect(opened).toEqual([1]);
  expect(files()).toEqual(before);
  list.close();
  expect(() => list.at(0)).toThrow(/given back/);
});

test('a disk that takes nothing more is told of', () => {
  const full = () => ({
    ...openSpillFile(),
    append: () => {
      throw new Error('ENOSPC: no space left on device');
    },
  });
  const list = new SpillingList(plain, 1, full);
  expect(() => list.push({ name: 0, bytes: 4 * MIB })).toThrow(/ENOSPC/);
});

test('what the disk may not hold is gone, oldest first: the rest keeps its places, and the disk is given back', () => {
  const opened: number[] = [];
  const closed: number[] = [];
  const open = () => {
    const file = openSpillFile();
    const number = opened.push(opened.length) - 1;
    return {
      ...file,
      close: () => {
        closed.push(number);
        file.close();
      },
    };
  };
  const list = new SpillingList(plain, 1, open, 64 * 1024);
  const elements = Array.from({ length: 60_000 }, (_, name) => ({ name, bytes: 10 }));
  for (const element of elements) list.push(element);
  expect(list.length).toBe(60_000);
  expect(list.first).toBeGreaterThan(0);
  expect(list.first).toBeLessThan(60_000);
  expect([...list]).toEqual(elements.slice(list.first));
  expect([...list.slice(0, list.first + 3)]).toEqual(elements.slice(list.first, list.first + 3));
  expect(list.at(list.first - 1)).toBeUndefined();
  expect(list.at(list.first)).toEqual(elements[list.first]);
  expect(closed).toEqual(opened.slice(0, closed.length));
  expect(opened.length - closed.length).toBeLessThan(20);
  list.close();
  expect(closed).toEqual(opened);
});
