import { quantile } from '../quantile.ts';
import { type Listening, startListening } from './ports.ts';
import { type Binary, startToxiproxy } from './toxiproxy.ts';
import type { Size, Traffic } from './traffic.ts';

/** How long an echo takes, in µs, one after the other. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** One way from the client to the echoing server and back. */
export interface Way {
  readonly name: 'direct' | 'weir' | 'tap' | 'toxiproxy';
  readonly latency: Latency;
  /** Small messages a second. */
  readonly messages: number;
  /** MiB a second of large messages, each way. */
  readonly mebibytes: number;
  /** µs that the process between the ends computed for a small message and back, and for a MiB each way, until they were back; NaN where it does not tell. */
  readonly computed: { readonly message: number; readonly mebibyte: number };
  /** How many times what the proxy of a run passed in the same turn, small messages and MiB; NaN where no proxy of a run took part. */
  readonly ofProxy: { readonly messages: number; readonly mebibytes: number };
}

/** Messages and rounds of the comparison; fewer for a quick look. */
export interface Effort {
  readonly rounds: number;
  readonly pings: number;
  readonly messages: number;
  readonly large: number;
}

/** What is compared. */
export interface Comparison {
  readonly protocol: string;
  readonly binding: string;
  readonly traffic: Traffic;
  /** The module of the echoing server, and what it is told. */
  readonly echo: readonly [module: string, ...args: string[]];
  readonly toxiproxy: Binary | undefined;
  readonly effort: Effort;
}

/** Echoes through the proxy of a run, through a tap, through a real Toxiproxy (where there is one) and without either, by turns. */
export async function compareProxies(comparison: Comparison): Promise<readonly Way[]> {
  const { protocol, binding, traffic, echo: echoing, toxiproxy, effort } = comparison;
  const [module, ...args] = echoing;
  const ways: [Way['name'], Listening][] = [];
  try {
    const echo = await startListening(module, args);
    ways.push(['direct', echo]);
    ways.push(['weir', await startListening('./relay-process.js', [protocol, binding, String(echo.port)])]);
    ways.push(['tap', await startListening('./tap-process.js', [protocol, binding, String(echo.port)])]);
    if (toxiproxy !== undefined) ways.push(['toxiproxy', await startToxiproxy(toxiproxy, echo.port)]);
    const seen = new Map(ways.map(([name]) => [name, nothingSeen()]));
    for (const [, { port }] of ways) await traffic.pingPong(port, effort.pings);
    for (let round = 0; round < effort.rounds; round += 1) {
      // Who comes first is another with each round, so that none always follows the same one.
      for (const [name, listening] of round % 2 === 0 ? ways : ways.toReversed()) {
        const so = seen.get(name);
        if (so === undefined) continue;
        // What one puts off is not done in another's turn.
        await listening.settled();
        so.pings.push(...(await traffic.pingPong(listening.port, effort.pings)));
        await flood(so.messages, listening, 'message', effort.messages, traffic);
        await flood(so.mebibytes, listening, 'large', effort.large, traffic);
      }
    }
    const proxy = seen.get('weir');
    return [...seen].map(([name, { pings, messages, mebibytes }]) => ({
      name,
      latency: { p50: quantile(pings, 0.5), p99: quantile(pings, 0.99) },
      messages: quantile(messages.rates, 0.5),
      mebibytes: quantile(mebibytes.rates, 0.5),
      computed: { message: quantile(messages.computed, 0.5), mebibyte: quantile(mebibytes.computed, 0.5) },
      ofProxy: { messages: byTurns(messages, proxy?.messages), mebibytes: byTurns(mebibytes, proxy?.mebibytes) },
    }));
  } finally {
    for (const [, listening] of ways.reverse()) await listening.stop();
  }
}

/** What was seen of messages of a size, turn by turn: how many passed a second, and µs computed for each. */
interface Floods {
  readonly rates: number[];
  readonly computed: number[];
}

function nothingSeen(): { readonly pings: number[]; readonly messages: Floods; readonly mebibytes: Floods } {
  return { pings: [], messages: { rates: [], computed: [] }, mebibytes: { rates: [], computed: [] } };
}

async function flood(
  { rates, computed }: Floods,
  { port, settled, computed: soFar }: Listening,
  size: Size,
  times: number,
  traffic: Traffic,
): Promise<void> {
  await settled();
  const before = await soFar();
  rates.push(await traffic.flood(port, size, times));
  const after = await soFar();
  if (before !== undefined && after !== undefined) computed.push(((after - before) * 1000) / times);
}

/** The median of the ratios of what stood beside each other: a machine that others use slows both of a turn. */
function byTurns({ rates }: Floods, beside: Floods | undefined): number {
  return quantile(
    rates.map((rate, turn) => rate / (beside?.rates[turn] ?? Number.NaN)),
    0.5,
  );
}
