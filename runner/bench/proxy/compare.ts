import { flood, type Latency, pingPong, quantile } from './measure.ts';
import { type Listening, startListening } from './ports.ts';
import { startToxiproxy } from './toxiproxy.ts';

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

/** Echoes through the proxy of a run, through a tap, through a real Toxiproxy (where there is one) and without either, by turns. `message` and `large` are bodies of frames; a `large` one has a mebibyte. */
export async function compareProxies(
  protocol: string,
  binding: string,
  { message, large }: { readonly message: Uint8Array; readonly large: Uint8Array },
  effort: Effort,
): Promise<readonly Way[]> {
  const echo = await startListening('./echo-process.js');
  const relay = await startListening('./relay-process.js', [protocol, binding, String(echo.port)]);
  const tap = await startListening('./tap-process.js', [protocol, binding, String(echo.port)]);
  const toxiproxy = await startToxiproxy(echo.port);
  const ways: [Way['name'], Listening][] = [
    ['direct', echo],
    ['weir', relay],
    ['tap', tap],
    ...(toxiproxy === undefined ? [] : [['toxiproxy', toxiproxy] as [Way['name'], Listening]]),
  ];
  const seen = new Map(ways.map(([name]) => [name, { pings: [] as number[], messages: [] as number[], mebibytes: [] as number[] }]));
  for (const { port } of ways.map(([, listening]) => listening)) await pingPong(`ws://127.0.0.1:${port}`, message, effort.pings);
  for (let round = 0; round < effort.rounds; round += 1) {
    for (const [name, { port }] of ways) {
      const url = `ws://127.0.0.1:${port}`;
      const sums = seen.get(name);
      sums?.pings.push(...(await pingPong(url, message, effort.pings)));
      sums?.messages.push(await flood(url, message, effort.messages, 64));
      sums?.mebibytes.push(await flood(url, large, effort.large, 4));
    }
  }
  for (const [, listening] of ways) await listening.stop();
  return [...seen].map(([name, { pings, messages, mebibytes }]) => ({
    name,
    latency: { p50: quantile(pings, 0.5), p99: quantile(pings, 0.99) },
    messages: quantile(messages, 0.5),
    mebibytes: quantile(mebibytes, 0.5),
  }));
}
