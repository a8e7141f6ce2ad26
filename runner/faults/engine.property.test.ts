import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Role } from '../../protocols/common/frame.ts';
import type { Fault } from './fault.ts';
import { type Bench, createBench, text } from './testing/bench.ts';

const role = fc.constantFrom<Role>('client', 'server');
const word = fc.constantFrom('a', 'b', 'c');
const sending = fc.record({ from: role, connection: fc.nat(1), word });
const aim = fc.record({ frame: fc.record({ from: role, text: word }), nth: fc.integer({ min: 1, max: 3 }) });
const times = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant<'all'>('all'));

/** Faults that lose and invent nothing, once everything is let go. */
const harmless = fc.oneof(
  fc.record({ delay: fc.record({ for: fc.constant(10), frame: fc.record({ text: word }), times }) }),
  fc.record({ hold: fc.record({ frame: fc.record({ text: word }), times }) }),
  fc.record({ split: fc.record({ frame: fc.record({ text: word }), times }) }),
  fc.constant<Fault>('stall'),
  fc.constant<Fault>('resume'),
  fc.constant<Fault>('release'),
);

type Happening =
  | { readonly send: { readonly from: Role; readonly connection: number; readonly word: string } }
  | { readonly arm: Fault }
  /** One of those at work, if any. */
  | { readonly lift: number }
  | { readonly due: number };

function play(happenings: readonly Happening[]): { sent: string[]; delivered: string[] } {
  const bench = createBench();
  bench.dial(0);
  bench.dial(1);
  const sent: string[] = [];
  const lines: string[] = [];
  const timers = new Set<number>();
  for (const happening of [...happenings, { arm: 'resume' }, { arm: 'release' }] as Happening[]) {
    if ('arm' in happening) bench.arm(happening.arm);
    else if ('lift' in happening) liftOne(bench, happening.lift);
    else if ('due' in happening) bench.due(happening.due);
    else {
      const { from, connection } = happening.send;
      sent.push(`${happening.send.word} > ${from === 'client' ? 'server' : 'client'} ${connection}`);
      bench.send(connection, from, text(happening.send.word));
    }
    collect();
  }
  // What a timer lets go may meet another delay or a hold, which is then let go in its turn.
  for (let round = 0; round < 50; round += 1) {
    for (const timer of timers) bench.due(timer);
    bench.arm('release');
    collect();
  }
  return { sent, delivered: lines.filter((line) => line.includes(' > ')).map((line) => line.replace(/ in \d+$/, '')) };

  function collect(): void {
    for (const line of bench.take()) {
      const timer = /^timer (\d+)/.exec(line);
      if (timer !== null) timers.add(Number(timer[1]));
      else if (!line.startsWith('note')) lines.push(line);
    }
  }
}

function liftOne(bench: Bench, which: number): void {
  const { armed } = bench.standing();
  const id = armed[which % Math.max(1, armed.length)]?.id;
  if (id !== undefined) bench.lift(id);
}

function countsOf(lines: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of [...lines].sort()) counts[line] = (counts[line] ?? 0) + 1;
  return counts;
}

test('without faults what comes out is what went in, in order', () => {
  fc.assert(
    fc.property(fc.array(sending), (sends) => {
      const bench = createBench();
      bench.dial(0);
      bench.dial(1);
      bench.take();
      for (const { connection, from, word: content } of sends) bench.send(connection, from, text(content));
      expect(bench.take()).toEqual(
        sends.map(({ connection, from, word: content }) => `${content} > ${from === 'client' ? 'server' : 'client'} ${connection}`),
      );
    }),
  );
});

test('delay, hold and stall in any mix lose and invent nothing once all is let go', () => {
  const happening = fc.oneof(
    { weight: 5, arbitrary: fc.record({ send: sending }) },
    { weight: 2, arbitrary: fc.record({ arm: harmless }) },
    { weight: 1, arbitrary: fc.record({ lift: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ due: fc.nat(5) }) },
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
      const { sent, delivered } = play(happenings);
      expect(countsOf(delivered)).toEqual(countsOf(sent));
    }),
    { numRuns: 300 },
  );
});

test('a duplicate adds exactly the frame it strikes, also beside delays', () => {
  fc.assert(
    fc.property(aim, fc.array(sending, { maxLength: 30 }), fc.boolean(), (duplicated, sends, delayed) => {
      const faults: Happening[] = [{ arm: { duplicate: duplicated } }];
      if (delayed) faults.push({ arm: { delay: { frame: { text: 'a' }, for: 10, times: 'all' } } });
      const { sent, delivered } = play([...faults, ...sends.map((send) => ({ send }))]);
      const matching = sends.filter(({ from, word: content }) => from === duplicated.frame.from && content === duplicated.frame.text);
      const hit = matching[duplicated.nth - 1];
      const extra = hit === undefined ? [] : [`${hit.word} > ${hit.from === 'client' ? 'server' : 'client'} ${hit.connection}`];
      expect(countsOf(delivered)).toEqual(countsOf([...sent, ...extra]));
    }),
  );
});

test('delays and stalls keep the order of each direction', () => {
  const keeping = fc.oneof(
    fc.record({ send: sending }),
    fc.record({
      arm: fc.oneof(
        fc.record({ delay: fc.record({ frame: fc.record({ text: word }), for: fc.constant(10), times }) }),
        fc.constant<Fault>('stall'),
        fc.constant<Fault>('resume'),
      ),
    }),
    fc.record({ lift: fc.nat(9) }),
    fc.record({ due: fc.nat(5) }),
  );
  fc.assert(
    fc.property(fc.array(keeping, { maxLength: 40 }), (happenings) => {
      const { sent, delivered } = play(happenings);
      for (const lane of ['server 0', 'client 0', 'server 1', 'client 1']) {
        expect(delivered.filter((line) => line.endsWith(lane))).toEqual(sent.filter((line) => line.endsWith(lane)));
      }
    }),
    { numRuns: 300 },
  );
});

test('what is told of the faults at work never changes without its revision', () => {
  const anyFault = fc.oneof<fc.Arbitrary<Fault>[]>(
    harmless,
    fc.record({ drop: fc.record({ frame: fc.record({ text: word }), nth: fc.integer({ min: 1, max: 3 }), times }) }),
    fc.record({ stall: fc.record({ frame: fc.record({ text: word }) }) }),
    fc.record({ cut: fc.record({ frame: fc.record({ text: word }), reconnect: fc.constant<'refuse'>('refuse') }) }),
    fc.record({ refuse: fc.record({ times: fc.integer({ min: 1, max: 2 }) }) }),
    fc.constantFrom<Fault>('refuse', 'restore', 'cut'),
  );
  const happening = fc.oneof(
    fc.record({ send: sending }),
    fc.record({ arm: anyFault }),
    fc.record({ lift: fc.nat(9) }),
    fc.record({ due: fc.nat(5) }),
    fc.record({ dial: fc.constant(true) }),
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
      const bench = createBench();
      let dialled = 0;
      let before = bench.standing();
      for (const each of happenings) {
        if ('send' in each) bench.send(each.send.connection, each.send.from, text(each.send.word));
        else if ('arm' in each) bench.arm(each.arm);
        else if ('lift' in each) liftOne(bench, each.lift);
        else if ('due' in each) bench.due(each.due);
        else {
          bench.dial(dialled);
          dialled += 1;
        }
        const after = bench.standing();
        if (after.revision === before.revision) expect(after.armed).toEqual(before.armed);
        else expect(after.revision).toBeGreaterThan(before.revision);
        before = after;
      }
    }),
    { numRuns: 300 },
  );
});
