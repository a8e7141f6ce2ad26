import fc from 'fast-check';
import type { Command, Disturbance, Draw, FrameChoice, Scenario, Tampering } from './scenario.ts';
import { forgeryOf, type Words } from './words.ts';

/** Most commands of a scenario. */
const LONGEST = 12;

/** Scenarios of a protocol. Numbers are small where a small number is simpler, so that shrinking leads to what is simple. */
export function scenarios(words: Words): fc.Arbitrary<Scenario> {
  const draw = draws();
  const calm = commandsOf([...application(words, draw)]);
  const rough = commandsOf([...application(words, draw), ...disturbances(words)]);
  const deadly = commandsOf([...application(words, draw), ...disturbances(words), { weight: 3, arbitrary: fc.constant({ do: 'outage' }) }]);
  const hostile = commandsOf([...application(words, draw), ...hostilities(words)]);
  return fc.record({
    setting: fc.nat(words.settings.length - 1),
    commands: fc.oneof(
      { weight: 4, arbitrary: calm },
      { weight: 8, arbitrary: rough },
      { weight: 2, arbitrary: deadly },
      { weight: 8, arbitrary: hostile },
    ),
    concludes: fc.boolean(),
    watchesHandlers: fc.boolean(),
  });
}

interface Weighted {
  readonly weight: number;
  readonly arbitrary: fc.Arbitrary<Command>;
}

function commandsOf(kinds: readonly Weighted[]): fc.Arbitrary<readonly Command[]> {
  return fc.array(fc.oneof(...kinds), { minLength: 1, maxLength: LONGEST, size: 'max' });
}

function application(words: Words, draw: fc.Arbitrary<Draw>): readonly Weighted[] {
  const call = fc.nat(5);
  const client = fc.nat(2);
  // A procedure stands as often in the list as its weight says; the first is the simplest.
  const procedure = fc.constantFrom(...words.procedures.flatMap(({ weight }, i) => Array.from({ length: weight }, () => i)));
  const credit = words.procedures.some((each) => each.credit)
    ? [{ weight: 6, arbitrary: fc.record({ do: fc.constant('credit' as const), call, n: fc.integer({ min: 1, max: 3 }) }) }]
    : [];
  return [
    { weight: 10, arbitrary: fc.record({ do: fc.constant('invoke' as const), client, procedure, draw }) },
    { weight: 10, arbitrary: fc.record({ do: fc.constant('send' as const), call, request: fc.nat(5), draw }) },
    { weight: 8, arbitrary: fc.record({ do: fc.constant('receive' as const), call }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('finish' as const), call }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), call }) },
    { weight: 1, arbitrary: fc.constant({ do: 'connect' as const }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('disconnect' as const), client }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), ms: fc.constantFrom(100, 500, 1500, 2500, 4000, 7000) }) },
    ...credit,
  ];
}

function disturbances(words: Words): readonly Weighted[] {
  const frame: fc.Arbitrary<FrameChoice> = fc.record({
    from: fc.constantFrom('client', 'server'),
    what: fc.nat(words.frames.length - 1),
    nth: fc.integer({ min: 1, max: 4 }),
  });
  const how = fc.constantFrom('rst' as const, 'fin' as const);
  const one = <T extends Disturbance['word']>(word: T): fc.Arbitrary<T> => fc.constant(word);
  const all: { readonly [W in Disturbance['word']]: fc.Arbitrary<Disturbance> } = {
    cut: fc.record({ word: one('cut'), how }),
    away: fc.record({ word: one('away'), how }),
    'cut-at': fc.record({ word: one('cut-at'), how, at: fc.constantFrom('before', 'after', 'inside'), frame }),
    close: fc.record({ word: one('close'), code: fc.constantFrom(1000, 1001, 1011), toward: fc.constantFrom('both', 'client', 'server') }),
    stall: fc.record({ word: one('stall'), from: fc.constantFrom('both', 'client', 'server') }),
    drop: fc.record({ word: one('drop'), frame }),
    duplicate: fc.record({ word: one('duplicate'), frame, times: fc.integer({ min: 1, max: 3 }) }),
    hold: fc.record({ word: one('hold'), frame }),
    reorder: fc.record({ word: one('reorder'), frame }),
    split: fc.record({ word: one('split'), frame, into: fc.integer({ min: 2, max: 4 }) }),
    delay: fc.record({ word: one('delay'), frame, ms: fc.constantFrom(50, 1200, 3500) }),
    refuse: fc.record({ word: one('refuse'), how: fc.constantFrom(...words.refusals), times: fc.integer({ min: 1, max: 2 }) }),
  };
  if (words.disturbances.length === 0) return [];
  const disturbance = fc.oneof(...words.disturbances.map((word) => all[word]));
  return [
    { weight: 9, arbitrary: fc.record({ do: fc.constant('disturb' as const), disturbance }) },
    { weight: 3, arbitrary: fc.constant({ do: 'heal' as const }) },
  ];
}

function hostilities({ hostile, disturbances }: Words): readonly Weighted[] {
  const { tampered, fields, values, sets, commands } = hostile;
  const keys = Math.max(...(['client', 'server'] as const).map((end) => Object.keys(forgeryOf(hostile, end).parts).length));
  const upTo = (list: readonly unknown[]): fc.Arbitrary<number> => fc.nat(Math.max(0, list.length - 1));
  const frame = fc.record({ from: fc.constant('client' as const), what: upTo(tampered), nth: fc.integer({ min: 1, max: 3 }) });
  const how: fc.Arbitrary<Tampering> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ word: fc.constant('field' as const), field: upTo(fields), value: upTo(values) }) },
    { weight: 4, arbitrary: fc.record({ word: fc.constant('set' as const), set: upTo(sets) }) },
    { weight: 1, arbitrary: fc.record({ word: fc.constant('corrupt' as const), byte: fc.integer({ min: -4, max: 12 }) }) },
    { weight: 1, arbitrary: fc.record({ word: fc.constant('truncate' as const), to: fc.nat(12) }) },
  );
  // Most parts of a forged message are as they should be: else it is always the same one that is objected to.
  const part = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(40) });
  const parts = fc.array(part, { minLength: keys, maxLength: keys });
  const most = Math.max(commands.client.length, commands.server.length) - 1;
  const call = fc.nat(5);
  return [
    ...(tampered.length > 0 ? [{ weight: 3, arbitrary: fc.record({ do: fc.constant('tamper' as const), frame, how }) }] : []),
    { weight: 4, arbitrary: fc.record({ do: fc.constant('interject' as const), command: fc.nat(most), call }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('forge' as const), parts, call }) },
    ...(disturbances.includes('cut')
      ? [{ weight: 1, arbitrary: fc.constant({ do: 'disturb' as const, disturbance: { word: 'cut' as const, how: 'rst' as const } }) }]
      : []),
  ];
}

function draws(): fc.Arbitrary<Draw> {
  // Whole graphemes: half a surrogate pair has no form in UTF-8.
  const text = fc.oneof(fc.string({ maxLength: 8 }), fc.string({ unit: 'grapheme', maxLength: 4 }));
  const bytes = fc.uint8Array({ maxLength: 12 }).map((data) => ({ $bytes: Buffer.from(data).toString('base64') }));
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
  const key = fc.string({ maxLength: 5 }).filter((name) => !name.startsWith('$') && name !== '__proto__');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 2 },
      fc.integer(),
      text,
      fc.boolean(),
      fc.constant(null),
      number,
      bytes,
      fc.maxSafeInteger(),
      fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map((big) => ({ $bigint: big.toString() })),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  return fc.record({
    integer: fc.integer({ min: -50, max: 50 }),
    number,
    count: fc.nat(3),
    flag: fc.boolean(),
    text,
    bytes,
    value,
  });
}
