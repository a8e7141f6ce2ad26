import { availableParallelism, cpus, totalmem } from 'node:os';
import { protocolEntry, registry } from '../registry.ts';
import { compareProxies, type Way } from './proxy/compare.ts';
import { weir, weirRun } from './weir.ts';

/** One figure of the benchmark. */
interface Figure {
  readonly what: string;
  readonly value: string;
}

/** Cases of a spawned adapter in which nothing waits for a timer. */
const TIMELESS = ['rpc/**', 'stream/**', 'upload/**', 'subscription/**', 'codec/**'];

/** A message of ordinary size, as one frame's body. */
const MESSAGE = {
  id: 'a',
  from: 'client',
  to: 'server',
  seq: 0,
  ack: 0,
  streamId: 's',
  controlFlags: 0,
  payload: { msg: 'x'.repeat(100) },
};

/** `npm run bench [--json] [--quick]`: speed and memory, everything that is compared measured in this one run. */
const json = process.argv.includes('--json');
const quick = process.argv.includes('--quick');
const figures: Figure[] = [
  {
    what: 'machine',
    value: `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  },
];

for (const world of ['real', 'simulated'] as const) {
  for (const repeat of quick ? [1] : [1, 4]) {
    const run = await weirRun(['--world', world, '--repeat', String(repeat)]);
    figures.push({
      what: `reference pair, ${world} world, corpus ×${repeat}`,
      value: rate(run.results.runs.length, run.results.durationMs, run.peakMiB),
    });
  }
}
const spawned = await weirRun(['-i', 'reference-node', '--role', 'client', ...TIMELESS]);
figures.push({
  what: 'spawned Node adapter, cases without timers',
  value: rate(spawned.results.runs.length, spawned.results.durationMs, spawned.peakMiB),
});
const sweep = await weirRun(['--world', 'simulated', '--sweep', '--codec', 'json', '--role', 'client', ...(quick ? ['rpc/**'] : [])]);
figures.push({
  what: 'sweep of the corpus, client, simulated',
  value: rate(sweep.results.runs.length, sweep.results.durationMs, sweep.peakMiB),
});
figures.push({ what: 'weir list, from the shell', value: ms((await weir(['list'])).wallMs) });
figures.push({ what: 'one case, from the shell', value: ms((await weir(['run', 'rpc/add', '--no-output'])).wallMs) });

const [name = ''] = Object.keys(registry);
const protocol = await protocolEntry(name).protocol();
const codec = protocol.codecs[0] ?? '';
const { data } = protocol.encode(MESSAGE, codec);
const effort = quick ? { rounds: 2, pings: 200, messages: 2000, large: 20 } : { rounds: 5, pings: 1000, messages: 10_000, large: 100 };
const ways = await compareProxies(name, codec, data, effort);
const direct = ways.find((way) => way.name === 'direct');
for (const way of ways)
  figures.push({ what: `echo, ${way.name === 'direct' ? 'no proxy' : `through ${way.name}`}`, value: describe(way, direct) });

process.stdout.write(json ? `${JSON.stringify(figures, null, 2)}\n` : table(figures));

function rate(runs: number, durationMs: number, peakMiB: number | undefined): string {
  const memory = peakMiB === undefined ? '' : `, peak ${Math.round(peakMiB)} MiB`;
  return `${runs} case-runs in ${(durationMs / 1000).toFixed(1)} s, ${Math.round((runs / durationMs) * 1000)}/s${memory}`;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

function describe(way: Way, measure: Way | undefined): string {
  const added = measure === undefined || way === measure ? '' : `, adds p50 ${(way.latency.p50 - measure.latency.p50).toFixed(3)} ms`;
  const speed = `${Math.round(way.messages)} messages/s, ${Math.round(way.mebibytes)} large messages of 1 MiB/s`;
  return `p50 ${way.latency.p50.toFixed(3)} ms, p99 ${way.latency.p99.toFixed(3)} ms${added}; ${speed}`;
}

function table(rows: readonly Figure[]): string {
  const width = Math.max(...rows.map(({ what }) => what.length));
  return rows.map(({ what, value }) => `${what.padEnd(width)}  ${value}\n`).join('');
}
