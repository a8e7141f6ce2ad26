import { type Bar, barCells } from '../bar.ts';
import { compareProxies, type Effort, type Way } from '../proxy/compare.ts';
import { exchangeTraffic } from '../proxy/exchange-traffic.ts';
import { EXCHANGES } from '../proxy/exchanges.ts';
import { messageTraffic } from '../proxy/message-traffic.ts';
import { type Binary, toxiproxyBinary } from '../proxy/toxiproxy.ts';
import type { Traffic } from '../proxy/traffic.ts';
import { type Bench, type BenchedProtocol, type Section, whereItCan } from '../section.ts';

const FULL: Effort = { rounds: 7, pings: 3000, messages: 20_000, large: 40 };
const QUICK: Effort = { rounds: 2, pings: 1000, messages: 5000, large: 10 };

/** Share of the messages and MiB of a run's proxy that a tap, which judges and tells besides, must pass. */
const OF_A_TAP = 0.9;

/** The ways of one carrier. */
interface Compared {
  readonly carrier: string;
  readonly ways: readonly Way[];
}

/** Echoes through Weir's proxy and a Toxiproxy, on each carrier that a chosen protocol is carried by. */
export const proxySection: Section = {
  name: 'proxy',
  title: 'The proxy beside Toxiproxy',
  perProtocol: true,
  async measure(bench) {
    const [toxiproxy] = await whereItCan(bench, 'Toxiproxy', toxiproxyBinary);
    try {
      const compared: Compared[] = [];
      for (const [carrier, [binding, benched]] of carriersOf(bench))
        compared.push(await compare(carrier, binding, benched, toxiproxy, bench));
      return {
        head: [
          ...['carrier', 'way', 'p50 µs', 'p99 µs', 'added a frame, p50 µs', 'added a frame, p99 µs', 'messages/s', 'MiB/s'],
          ...['processor µs a message', 'processor ms a MiB', 'bar'],
        ],
        rows: compared.flatMap(({ carrier, ways }) => ways.map((way) => [carrier, ...wayRow(way, ways, carrier in EXCHANGES)])),
        values: compared,
      };
    } finally {
      await toxiproxy?.remove();
    }
  },
};

/** Each carrier once, with the first binding that it carries. */
function carriersOf({ protocols }: Bench): ReadonlyMap<string, readonly [binding: string, benched: BenchedProtocol]> {
  const carriers = new Map<string, readonly [string, BenchedProtocol]>();
  for (const benched of protocols) {
    for (const { name, carrier } of benched.protocol.bindings) if (!carriers.has(carrier.name)) carriers.set(carrier.name, [name, benched]);
  }
  return carriers;
}

async function compare(
  carrier: string,
  binding: string,
  { name }: BenchedProtocol,
  toxiproxy: Binary | undefined,
  { quick }: Bench,
): Promise<Compared> {
  const exchanges = EXCHANGES[carrier];
  const body = (length: number): Uint8Array => Buffer.from(JSON.stringify({ payload: 'x'.repeat(length) }));
  const traffic: Traffic =
    exchanges === undefined ? messageTraffic({ message: body(180), large: body(1024 * 1024) }) : exchangeTraffic(exchanges);
  const ways = await compareProxies({
    protocol: name,
    binding,
    traffic,
    echo: exchanges === undefined ? ['./echo-process.js'] : ['./exchange-process.js', carrier],
    toxiproxy,
    effort: quick ? QUICK : FULL,
  });
  return { carrier, ways };
}

/** An echo is two frames, one each way. */
function wayRow(way: Way, ways: readonly Way[], isExchange: boolean): (string | number)[] {
  const direct = ways.find(({ name }) => name === 'direct');
  const added = ({ latency }: Way, quantile: 'p50' | 'p99'): number => (latency[quantile] - (direct?.latency[quantile] ?? Number.NaN)) / 2;
  const { name, latency, messages, mebibytes, computed } = way;
  return [
    ...[name, latency.p50, latency.p99, added(way, 'p50'), added(way, 'p99'), messages, mebibytes],
    ...[computed.message, computed.mebibyte / 1000, barOf(way, ways, added, isExchange)],
  ];
}

/** Where messages are echoed everything is asked for, where requests are answered what is added to a frame. */
function barOf(way: Way, ways: readonly Way[], added: (way: Way, quantile: 'p50' | 'p99') => number, isExchange: boolean): string {
  const least = (value: number, unit: string): Bar => ({ is: 'at least', value: Math.round(value), unit });
  const ofProxy = (what: string): Bar => ({ is: 'at least', value: OF_A_TAP, unit: `of the ${what} of *weir*, by turns` });
  const most = (value: number, unit: string): Bar => ({ is: 'at most', value: Number(value.toFixed(1)), unit });
  const beside = ways.find(({ name }) => name === 'toxiproxy');
  switch (way.name) {
    case 'weir':
      if (beside === undefined) return '';
      return barCells([
        [most(added(beside, 'p50'), 'µs p50'), added(way, 'p50')],
        [isExchange ? undefined : most(added(beside, 'p99'), 'µs p99'), added(way, 'p99')],
        [isExchange ? undefined : least(beside.messages, 'messages/s'), way.messages],
        [isExchange ? undefined : least(beside.mebibytes, 'MiB/s'), way.mebibytes],
      ]);
    case 'tap':
      return barCells([
        [ofProxy('messages'), way.ofProxy.messages],
        [ofProxy('MiB'), way.ofProxy.mebibytes],
      ]);
    case 'direct':
    case 'toxiproxy':
      return '';
  }
}
