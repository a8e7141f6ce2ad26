import { bindingNames } from '../../../protocols/common/binding.ts';
import { createReaper } from '../../adapters/reaper.ts';
import { type Bar, barCell } from '../bar.ts';
import { SPACE } from '../calls/ends.ts';
import { type Started, startTelling } from '../proxy/ports.ts';
import { quantile } from '../quantile.ts';
import { type BenchedProtocol, type Section, whereItCan } from '../section.ts';

/** Calls with a tap between the ends, with a pipe there and without either, by turns. */
interface Tapped {
  readonly title: string;
  readonly procedure: string;
  /** Medians, µs. */
  readonly without: number;
  readonly piped: number;
  readonly through: number;
  readonly bar: Bar | undefined;
}

/** Calls a turn that are made but not counted, so that both ends are warm. */
const COLD = 0.2;

/** One call after the other between the reference peers, with a tap between them and without one: both ends through it where they dial a broker. */
export const callsSection: Section = {
  name: 'calls',
  title: 'A call through the tap',
  perProtocol: true,
  async measure(bench) {
    const [turns, calls] = bench.quick ? [2, 300] : [5, 2000];
    const tapped: Tapped[] = [];
    for (const benched of bench.protocols) {
      const { call } = benched.data;
      if (call === undefined) continue;
      tapped.push(...(await whereItCan(bench, `${benched.protocol.title}: calls`, () => callsOf(benched, call, turns, calls))));
    }
    return {
      head: [
        'protocol',
        'call',
        'without, p50 µs',
        'a pipe, p50 µs',
        'the tap, p50 µs',
        'pipe: times as long',
        'tap: times as long',
        'bar',
      ],
      rows: tapped.map(({ title, procedure, without, piped, through, bar }) => [
        ...[title, procedure, without, piped, through, piped / without, through / without],
        barCell(bar, through / without),
      ]),
      values: tapped,
    };
  },
};

async function callsOf(
  { name, protocol }: BenchedProtocol,
  call: NonNullable<BenchedProtocol['data']['call']>,
  turns: number,
  calls: number,
): Promise<Tapped> {
  const [binding = ''] = bindingNames(protocol);
  const started: Started[] = [];
  const begin = async (module: string, ...args: readonly string[]): Promise<Started> => {
    const one = await startTelling(new URL(module, import.meta.url), [name, binding, ...args]);
    started.push(one);
    return one;
  };
  const reaper = createReaper(process);
  const broker = await protocol.broker?.start({ guard: reaper });
  try {
    const ways = await (broker === undefined ? directWays(begin) : brokeredWays(begin, broker.url));
    const took = ways.map((): number[] => []);
    for (let turn = 0; turn < turns; turn += 1) {
      for (const [i, { url, space }] of ways.entries()) {
        const asked = [url, call.procedure, JSON.stringify(call.value), String(calls), space];
        const { told, stop } = await begin('../calls/call-process.js', ...asked);
        took[i]?.push(...(told as readonly number[]).slice(calls * COLD));
        await stop();
      }
    }
    const [without = Number.NaN, piped = Number.NaN, through = Number.NaN] = took.map((each) => quantile(each, 0.5));
    const bar: Bar | undefined = call.bar === undefined ? undefined : { is: 'at most', value: call.bar, unit: 'times' };
    return { title: protocol.title, procedure: call.procedure, without, piped, through, bar };
  } finally {
    for (const each of started.reverse()) await each.stop();
    await broker?.close();
    reaper.close();
  }
}

/** Where a client dials, and under which space of a broker. */
interface CallWay {
  readonly url: string;
  readonly space: string;
}

type Begin = (module: string, ...args: readonly string[]) => Promise<Started>;

/** What can stand between: a process that copies bytes, and a tap. */
const BETWEEN = ['../proxy/pipe-process.js', '../proxy/tap-process.js'] as const;

/** The server itself, and with what can stand before it. */
async function directWays(begin: Begin): Promise<readonly CallWay[]> {
  const url = String((await begin('../calls/serve-process.js')).told);
  const ways: CallWay[] = [{ url, space: '' }];
  for (const module of BETWEEN) {
    const { told } = await begin(module, new URL(url).port);
    ways.push({ url: at(url, Number([told].flat()[0])), space: '' });
  }
  return ways;
}

/** A server by the broker itself, and others that have something between them and the broker, as their clients have. */
async function brokeredWays(begin: Begin, url: string): Promise<readonly CallWay[]> {
  const direct = `${SPACE}-direct`;
  await begin('../calls/serve-process.js', url, direct);
  const ways: CallWay[] = [{ url, space: direct }];
  for (const [i, module] of BETWEEN.entries()) {
    const { told } = await begin(module, new URL(url).port);
    const [client = 0, server = 0] = told as readonly number[];
    const space = `${SPACE}-${i}`;
    await begin('../calls/serve-process.js', at(url, server), space);
    ways.push({ url: at(url, client), space });
  }
  return ways;
}

function at(url: string, port: number): string {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
}
