import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { bindingNames } from '../../protocols/common/binding.ts';
import { protocolEntry, registry } from '../registry.ts';
import { brokeredRates, type CorpusRate, casesWithoutTimers, corpusRate } from './corpus-rates.ts';
import { enlarged } from './growth/enlarge.ts';
import { type Grown, type Growth, grow } from './growth/grow.ts';
import { rsocketGrowths } from './growth/rsocket.ts';
import { machine } from './machine.ts';
import { fillIn } from './markdown.ts';
import { pageFigures } from './pages.ts';
import { compareProxies, type Effort, type Way } from './proxy/compare.ts';
import { shellTime } from './shell.ts';
import { table } from './table.ts';

/** `npm run bench`: how fast Weir is, what stands beside it measured in the same run. */
const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    /** A text with marks for the tables, which is written anew. */
    markdown: { type: 'string' },
  },
});
const [PROTOCOL = ''] = Object.keys(registry);
const protocol = await protocolEntry(PROTOCOL).protocol();
const [binding = ''] = bindingNames(protocol);
const report: Record<string, unknown> = { machine: machine(), quick: options.quick };

/** A frame of usual length and a large one; what is in them does not matter to a proxy. */
const bodies = {
  message: protocol.encode({ payload: 'x'.repeat(180) }, binding).data,
  large: protocol.encode({ payload: 'x'.repeat(1024 * 1024) }, binding).data,
};
const effort: Effort = options.quick
  ? { rounds: 2, pings: 1000, messages: 5000, large: 10 }
  : { rounds: 7, pings: 3000, messages: 20_000, large: 40 };

/** Each case as it is, and at n, 2n and 4n; the full sizes are the limits that docs/performance.md promises. */
const growths: readonly Growth[] = [
  growth('streams at once', 'limits/two-hundred-streams-at-once.yaml', 200, 50),
  growth('connections at once', 'limits/fifty-clients-at-once.yaml', 50, 20),
  growth('frames in a run', 'limits/thousand-items-unread.yaml', 1000, 1000),
  growth('steps in a case', 'limits/thousand-items-in-order.yaml', 1000, 100),
  growth('MiB in a frame', 'limits/large-message-from-the-server.yaml', 1, 100),
  ...rsocketGrowths({ streams: sizes(50, 200), items: sizes(999, 1000), mebibytes: sizes(16) }),
];

{
  const { cores, processor, memoryGiB, system, node } = machine();
  const effortMade = options.quick ? 'a quick run' : 'a full run';
  await write('machine', `${cores} cores (${processor}), ${memoryGiB} GiB of memory, ${system}, Node ${node}; ${effortMade}.`);
}
await section('shell', 'From the shell', async () => {
  const times = [await shellTime(['list'], 5), await shellTime(['run', '--no-output', `${PROTOCOL}/rpc/add`], 5)];
  return [
    times,
    table(
      ['command', 'median ms', 'slowest ms'],
      times.map((time) => [time.command, time.medianMs, time.slowestMs]),
    ),
  ];
});
await section('corpus', 'Case-runs', async () => {
  const untimed = await casesWithoutTimers(PROTOCOL);
  const rates = [
    await corpusRate('reference pair, simulated', ['--world', 'simulated']),
    await corpusRate('reference pair, simulated, five times over', ['--world', 'simulated', '--repeat', options.quick ? '2' : '5']),
    await corpusRate('reference pair, real', []),
    await corpusRate('reference pair of RSocket, simulated', ['--protocol', 'rsocket', '--world', 'simulated']),
    await corpusRate('reference pair of RSocket, real', ['--protocol', 'rsocket']),
    await corpusRate('reference-node (spawned), cases without timers', ['-i', 'reference-node', ...untimed]),
    ...(await optional(corpusRate('replit-river (Python), cases without timers', ['-i', 'replit-river', ...untimed]))),
    ...(await brokeredRates(options.quick)),
  ];
  return [rates, table(['who', 'case-runs', 's', 'per s', 'peak MiB', 'verdicts'], rates.map(rateRow))];
});
await section('proxy', 'The proxy beside Toxiproxy', async () => {
  const ways = await compareProxies(PROTOCOL, binding, bodies, effort);
  const direct = ways.find(({ name }) => name === 'direct');
  const head = ['way', 'p50 µs', 'p99 µs', 'added a frame, p50 µs', 'added a frame, p99 µs', 'messages/s', 'MiB/s'];
  return [
    ways,
    table(
      head,
      ways.map((way) => wayRow(way, direct)),
    ),
  ];
});
await section('pages', 'The pages', async () => {
  const figures = await pageFigures(PROTOCOL, options.quick ? 1 : 5);
  return [
    figures,
    table(
      ['what', 'value', 'unit', 'bar'],
      figures.map(({ what, value, unit, bar }) => [what, value, unit, bar]),
    ),
  ];
});
await section('growth', 'Growth (simulated, golden run and judging included)', async () => {
  const grown: Grown[] = [];
  for (const growth of growths) grown.push(...(await grow(growth)));
  const rows = grown.map(({ what, size, frames, ms, peakMiB, verdict }) => [what, size, frames, ms, (ms * 1000) / size, peakMiB, verdict]);
  return [grown, table(['what', 'how many', 'frames', 'ms', 'µs each', 'peak MiB', 'verdict'], rows)];
});
if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);

async function section(name: string, title: string, measure: () => Promise<readonly [unknown, string]>): Promise<void> {
  if (options.only !== undefined && !options.only.includes(name)) return;
  const [values, text] = await measure();
  report[name] = values;
  await write(name, text);
  if (!options.json) process.stdout.write(`\n${title}\n\n${text}\n`);
}

/** A case of the corpus as it is, and so many times larger. */
function growth(what: string, path: string, base: number, largest: number): Growth {
  return { what, protocol: PROTOCOL, binding, text: enlarged(PROTOCOL, path, base), sizes: sizes(largest, base) };
}

/** Multiples of a base up to the largest: its quarter, its half and itself. A quick run stays far below. */
function sizes(largest: number, base = 1): number[] {
  const most = options.quick ? Math.ceil(largest / 25) : largest;
  return [...new Set([1, Math.ceil(most / 4), Math.ceil(most / 2), most])].map((factor) => factor * base);
}

async function write(name: string, content: string): Promise<void> {
  if (options.markdown === undefined) return;
  await writeFile(options.markdown, fillIn(await readFile(options.markdown, 'utf8'), name, content));
}

/** Nothing where it cannot be measured here: the implementation needs what this machine does not have. */
async function optional(rate: Promise<CorpusRate>): Promise<CorpusRate[]> {
  try {
    return [await rate];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`left out: ${reason.split('\n').slice(0, 2).join('\n')}\n`);
    return [];
  }
}

function rateRow({ what, runs, seconds, perSecond, peakMiB, verdicts }: CorpusRate): (string | number)[] {
  const counts = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  return [what, runs, seconds, perSecond, peakMiB ?? Number.NaN, counts.join(', ')];
}

/** An echo is two frames, one each way. */
function wayRow({ name, latency, messages, mebibytes }: Way, direct: Way | undefined): (string | number)[] {
  const added = (quantile: 'p50' | 'p99'): number => (latency[quantile] - (direct?.latency[quantile] ?? Number.NaN)) / 2;
  return [name, latency.p50, latency.p99, added('p50'), added('p99'), messages, mebibytes];
}
