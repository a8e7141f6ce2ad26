import { quantile } from '../quantile.ts';
import { type Listening, startListening } from './ports.ts';
import { type Binary, startToxiproxy } from './toxiproxy.ts';
import type { Traffic } from './traffic.ts';

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
  /** Whether a tap stands beside the proxy of a run. */
  readonly tap: boolean;
  readonly toxiproxy: Binary | undefined;
  readonly effort: Effort;
}

/** Echoes through the proxy of a run, through a tap, through a real Toxiproxy (where there is one) and without either, by turns. */
export async function compareProxies(comparison: Comparison): Promise<readonly Way[]> {
  const { protocol, binding, traffic, echo: echoing, tap, toxiproxy, effort } = comparison;
  const [module, ...args] = echoing;
  const ways: [Way['name'], Listening][] = [];
  try {
    const echo = await startListening(module, args);
    ways.push(['direct', echo]);
    ways.push(['weir', await startListening('./relay-process.js', [protocol, binding, String(echo.port)])]);
    if (tap) ways.push(['tap', await startListening('./tap-process.js', [protocol, binding, String(echo.port)])]);
    if (toxiproxy !== undefined) ways.push(['toxiproxy', await startToxiproxy(toxiproxy, echo.port)]);
    const seen = new Map(ways.map(([name]) => [name, { pings: [] as number[], messages: [] as number[], mebibytes: [] as number[] }]));
    for (const [, { port }] of ways) await traffic.pingPong(port, effort.pings);
    for (let round = 0; round < effort.rounds; round += 1) {
      for (const [name, { port }] of ways) {
        const sums = seen.get(name);
        sums?.pings.push(...(await traffic.pingPong(port, effort.pings)));
        sums?.messages.push(await traffic.flood(port, 'message', effort.messages));
        sums?.mebibytes.push(await traffic.flood(port, 'large', effort.large));
      }
    }
    return [...seen].map(([name, { pings, messages, mebibytes }]) => ({
      name,
      latency: { p50: quantile(pings, 0.5), p99: quantile(pings, 0.99) },
      messages: quantile(messages, 0.5),
      mebibytes: quantile(mebibytes, 0.5),
    }));
  } finally {
    for (const [, listening] of ways.reverse()) await listening.stop();
  }
}
