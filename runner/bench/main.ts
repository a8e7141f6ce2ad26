import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { protocolEntry, registry } from '../registry.ts';
import { readBenchData } from './bench-data.ts';
import { type Chosen, choose } from './choose.ts';
import { machine } from './machine.ts';
import { fillIn } from './markdown.ts';
import type { Bench } from './section.ts';
import { sections } from './sections.ts';
import { table } from './table.ts';

/** `npm run bench`: how fast Weir is, what stands beside it measured in the same run, and which bars are met. */
const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    /** Sections and protocols. */
    only: { type: 'string', multiple: true, default: [] },
    /** A text with marks for the tables, which is written anew. */
    markdown: { type: 'string' },
  },
});
const chosen = chosenOrExit();
const bench: Bench = {
  quick: options.quick,
  protocols: await Promise.all(
    chosen.protocols.map(async (name) => ({ name, protocol: await protocolEntry(name).protocol(), data: readBenchData(name) })),
  ),
  leaveOut(what, error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`left out: ${what}: ${reason.split('\n').slice(0, 2).join('\n')}\n`);
  },
};
const report: Record<string, unknown> = { machine: machine(), quick: options.quick };

const { cores, processor, memoryGiB, system, node } = machine();
const effort = options.quick ? 'a quick run' : 'a full run';
await write('machine', `${cores} cores (${processor}), ${memoryGiB} GiB of memory, ${system}, Node ${node}; ${effort}.`);
const missed: string[] = [];
for (const { name, title, measure } of chosen.sections) {
  const { head, rows, values } = await measure(bench);
  report[name] = values;
  const text = table(head, rows);
  await write(name, text);
  if (!options.json) process.stdout.write(`\n${title}\n\n${text}\n`);
  for (const row of rows) if (String(row.at(-1)).includes('MISSED')) missed.push(`${name}: ${said(row)}: ${row.at(-1)}`);
}
if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else process.stdout.write(missed.length === 0 ? '\nEvery bar is met.\n' : `\nMissed:\n${missed.map((each) => `  ${each}\n`).join('')}`);

/** The words with which a row begins. */
function said(row: readonly (string | number)[]): string {
  const figure = row.findIndex((cell) => typeof cell === 'number');
  return row.slice(0, figure).join(', ');
}

async function write(name: string, content: string): Promise<void> {
  if (options.markdown === undefined) return;
  await writeFile(options.markdown, fillIn(await readFile(options.markdown, 'utf8'), name, content));
}

function chosenOrExit(): Chosen {
  try {
    return choose(options.only, sections, Object.keys(registry));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}
