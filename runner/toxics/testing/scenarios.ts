import { peerOf, type Role } from '../../../protocols/common/frame.ts';
import { type NamedToxic, toxicGrammar } from '../toxic.ts';
import type { Bench, End } from './ends.ts';

/** What the ends saw of a scenario, in a form that can be compared. */
export interface Seen {
  readonly [what: string]: unknown;
}

/** Something that is done to a network, and what must come of it wherever the network is. */
export interface Scenario {
  readonly name: string;
  run(bench: Bench): Promise<Seen>;
  readonly expected: Seen;
}

const DIRECTIONS: readonly { stream: 'upstream' | 'downstream'; from: Role }[] = [
  { stream: 'upstream', from: 'client' },
  { stream: 'downstream', from: 'server' },
];

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const text = (length: number): string => LETTERS.repeat(Math.ceil(length / LETTERS.length)).slice(0, length);

/** A toxic as a case would give it. */
export function toxicFrom(written: Readonly<Record<string, unknown>>): NamedToxic {
  const command = toxicGrammar.parse({ add: written });
  if (command.kind !== 'add') throw new Error('not a toxic');
  return command.toxic;
}

type Join = { readonly source: End; readonly target: End };

/** A scenario for each direction: the toxic is added, then `act` is done with a connection made before or after that. */
function both(
  type: string,
  attributes: Readonly<Record<string, number>>,
  when: 'live' | 'before',
  what: string,
  act: (join: Join, bench: Bench, toxic: NamedToxic) => Promise<Seen>,
  expected: Seen,
  toxicity = 1,
): Scenario[] {
  return DIRECTIONS.map(({ stream, from }) => ({
    name: `${type} ${JSON.stringify(attributes)}${toxicity === 1 ? '' : `, toxicity ${toxicity}`}, ${stream}, ${when === 'live' ? 'added to a living connection' : 'in place before the connection'}: ${what}`,
    expected,
    async run(bench) {
      const toxic = toxicFrom({ type, stream, attributes, toxicity });
      if (when === 'before') await bench.network.add(toxic);
      const ends = when === 'live' ? await bench.join() : await connected(bench);
      if (when === 'live') await bench.network.add(toxic);
      return act({ source: ends[from], target: ends[peerOf(from)] }, bench, toxic);
    },
  }));
}

async function connected(bench: Bench): Promise<Record<Role, End>> {
  const { client, server } = bench.connect();
  return { client, server: await server };
}

/** What was read besides the two bytes of a join. */
const read = (end: End): string => end.text().replace(/^[!?]/, '');

/** Writes and waits until all has come; tells whether it took at least so long. */
const passes =
  (length: number, atLeastMs: number) =>
  async ({ source, target }: Join) => {
    const began = performance.now();
    const before = target.text().length;
    source.write(text(length));
    await target.read(before + length);
    return { read: read(target) === text(length), late: performance.now() - began >= atLeastMs, ending: target.ending() };
  };
const passed = { read: true, late: true, ending: 'open' };

const endings = async ({ source, target }: Join) => {
  await Promise.all([target.over(), source.over()]);
  return { target: [read(target), target.ending()], source: [read(source), source.ending()] };
};

/** Writes, and waits for both ends to be closed. */
const closes =
  (length: number, atLeastMs = 0) =>
  async (join: Join) => {
    const began = performance.now();
    join.source.write(text(length));
    const seen = await endings(join);
    return { ...seen, late: performance.now() - began >= atLeastMs };
  };

/** The source ends its stream after some bytes, and both ends are closed. */
const finishes = (atLeastMs: number) => async (join: Join) => {
  const began = performance.now();
  join.source.write('end');
  join.source.finish();
  await join.target.over();
  const late = performance.now() - began >= atLeastMs;
  return { ...(await endings(join)), late };
};
const finished = { target: ['end', 'fin'], source: ['', 'fin'], late: true };

/** Writes what must not pass, and sees that the other direction does. */
const swallows = async ({ source, target }: Join) => {
  const before = source.text().length;
  source.write(text(50));
  target.write('answer');
  await source.read(before + 6);
  return { target: read(target), source: read(source), endings: [source.ending(), target.ending()] };
};

// Timers may fire up to a millisecond early.
const EARLY = 2;

/** Everything that both implementations must do alike. */
export const scenarios: readonly Scenario[] = [
  ...both('latency', {}, 'live', 'nothing happens', passes(100, 0), passed),
  ...both('latency', { latency: 30 }, 'live', 'bytes are late', passes(100, 30 - EARLY), passed),
  ...both('latency', { latency: 30 }, 'before', 'bytes are late', passes(100, 30 - EARLY), passed),
  ...both('latency', { latency: 40, jitter: 20 }, 'live', 'bytes are late', passes(100, 20 - EARLY), passed),
  ...both('latency', { latency: 20 }, 'live', 'the end comes behind the bytes', finishes(20 - EARLY), finished),
  ...both('bandwidth', { rate: 100 }, 'live', 'bytes take their time', passes(5000, 50 - EARLY), passed),
  ...both('bandwidth', { rate: 1 }, 'before', 'bytes take their time', passes(150, 150 - 2 * EARLY), passed),
  ...both('bandwidth', { rate: 1_000_000 }, 'live', 'bytes pass', passes(200_000, 0), passed),
  ...both('bandwidth', {}, 'live', 'nothing passes', swallows, { target: '', source: 'answer', endings: ['open', 'open'] }),
  ...both(
    'bandwidth',
    {},
    'live',
    'what waited passes when it is removed',
    async (join, bench, toxic) => {
      await swallows(join);
      await bench.network.remove(toxic.name);
      await join.target.read(51);
      return { target: read(join.target), ending: join.target.ending() };
    },
    { target: text(50), ending: 'open' },
  ),
  ...both('slow_close', {}, 'live', 'the end comes', finishes(0), finished),
  ...both('slow_close', { delay: 40 }, 'live', 'the end is late', finishes(40 - EARLY), finished),
  ...both('slow_close', { delay: 40 }, 'before', 'the end is late', finishes(40 - EARLY), finished),
  ...both('slow_close', { delay: 40 }, 'live', 'bytes are not late', passes(100, 0), passed),
  ...both('timeout', {}, 'live', 'bytes are swallowed', swallows, { target: '', source: 'answer', endings: ['open', 'open'] }),
  ...both(
    'timeout',
    {},
    'live',
    'removing it closes',
    async (join, bench, toxic) => {
      await swallows(join);
      await bench.network.remove(toxic.name);
      return endings(join);
    },
    { target: ['', 'fin'], source: ['answer', 'fin'] },
  ),
  ...both('timeout', { timeout: 40 }, 'live', 'bytes are swallowed, then both ends closed', closes(50, 40 - EARLY), {
    target: ['', 'fin'],
    source: ['', 'fin'],
    late: true,
  }),
  ...both('timeout', { timeout: 40 }, 'before', 'a silent connection is closed', async (join) => endings(join), {
    target: ['', 'fin'],
    source: ['', 'fin'],
  }),
  ...both('reset_peer', {}, 'before', 'both ends are reset', closes(50), { target: ['', 'rst'], source: ['', 'rst'], late: true }),
  ...both('reset_peer', { timeout: 40 }, 'before', 'both ends are reset later', closes(50, 40 - EARLY), {
    target: ['', 'rst'],
    source: ['', 'rst'],
    late: true,
  }),
  ...both('reset_peer', { timeout: 20 }, 'live', 'a connection that was there before is closed', closes(50, 20 - EARLY), {
    target: ['', 'fin'],
    source: ['', 'fin'],
    late: true,
  }),
  ...both('slicer', { average_size: 1 }, 'live', 'bytes pass in order', passes(200, 0), passed),
  ...both('slicer', { average_size: 64, size_variation: 32 }, 'live', 'bytes pass in order', passes(5000, 0), passed),
  ...both(
    'slicer',
    { average_size: 100, size_variation: 10, delay: 5000 },
    'before',
    'bytes pass in order, late',
    passes(1000, 40),
    passed,
  ),
  ...both('limit_data', {}, 'live', 'the first byte closes', closes(50), { target: ['', 'fin'], source: ['', 'fin'], late: true }),
  ...both('limit_data', { bytes: 10 }, 'live', 'ten bytes pass', closes(50), {
    target: [text(10), 'fin'],
    source: ['', 'fin'],
    late: true,
  }),
  ...both('limit_data', { bytes: 50 }, 'before', 'the last byte closes', closes(50), {
    target: [text(50), 'fin'],
    source: ['', 'fin'],
    late: true,
  }),
  ...both('limit_data', { bytes: 51 }, 'before', 'all bytes pass', passes(50, 0), passed),
  ...both('limit_data', { bytes: 0 }, 'live', 'a spared connection', passes(50, 0), passed, 0),
  ...both('timeout', { timeout: 1 }, 'before', 'a spared connection', passes(50, 0), passed, 0),
  ...both(
    'latency',
    { latency: 20 },
    'live',
    'with a limit behind it',
    async (join, bench, toxic) => {
      await bench.network.add(toxicFrom({ type: 'limit_data', stream: toxic.stream, attributes: { bytes: 26 } }));
      return closes(60, 20 - EARLY)(join);
    },
    { target: [LETTERS, 'fin'], source: ['', 'fin'], late: true },
  ),
  {
    name: 'down closes what there is and refuses what comes; up lets in',
    expected: { ends: ['fin', 'fin'], refused: 'rst', again: 'again' },
    async run(bench) {
      const { client, server } = await bench.join();
      await bench.network.down();
      await Promise.all([client.over(), server.over()]);
      const refused = bench.connect();
      await refused.client.over();
      await bench.network.up();
      const again = bench.connect();
      again.client.write('again');
      // The server meets the refused connection's place in the queue first.
      const end = await Promise.race([refused.server, again.server]);
      await end.read(5);
      return { ends: [client.ending(), server.ending()], refused: refused.client.ending(), again: end.text() };
    },
  },
  {
    name: 'a name can be taken only once, and given back',
    expected: { twice: 'rejected', other: 'added', unknown: 'rejected', again: 'added' },
    async run({ network }) {
      const toxic = toxicFrom({ type: 'latency' });
      const attempt = async (act: () => void | Promise<void>) => {
        try {
          await act();
          return 'added';
        } catch {
          return 'rejected';
        }
      };
      await network.add(toxic);
      const twice = await attempt(() => network.add(toxic));
      const other = await attempt(() => network.add({ ...toxic, name: 'other' }));
      const unknown = await attempt(() => network.remove('unknown'));
      await network.remove(toxic.name);
      return { twice, other, unknown, again: await attempt(() => network.add(toxic)) };
    },
  },
];
