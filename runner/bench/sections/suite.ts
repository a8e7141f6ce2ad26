import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../package-root.ts';
import type { Bar } from '../bar.ts';
import type { BenchData } from '../bench-data.ts';
import { A_SECOND, type CorpusRate, corpusRate, RATE_HEAD, rateRow } from '../corpus-rates.ts';
import { type Section, whereItCan } from '../section.ts';

const run = promisify(execFile);

/** What a program printed. */
interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** Text that a suite may print. */
const MOST_TEXT = 64 * 1024 * 1024;

/** The official suite of a protocol, with its own reference ends, beside our corpus with ours: both as they are when nothing is said of how many at once. */
export const suiteSection: Section = {
  name: 'suite',
  title: 'Beside official suites',
  perProtocol: true,
  async measure(bench) {
    const rates: CorpusRate[] = [];
    for (const { name, protocol, data } of bench.protocols) {
      const { suite } = data;
      if (suite === undefined) continue;
      const theirs = await whereItCan(bench, `${suite.title} ${suite.version}`, () => suiteRates(suite));
      if (theirs.length === 0) continue;
      const fastest = Math.max(...theirs.flat().map(({ perSecond }) => perSecond));
      const bar: Bar = { is: 'at least', value: fastest, unit: A_SECOND };
      const args = ['--protocol', name, ...(bench.quick ? ['--axes', 'smoke'] : [])];
      rates.push(await corpusRate(`${protocol.title}, our reference pair, real`, args, bar), ...theirs.flat());
    }
    return { head: RATE_HEAD, rows: rates.map(rateRow), values: rates };
  },
};

/** Builds a suite with Go and runs each of its command lines once. Rejects where there is no Go, or the suite cannot be had. */
async function suiteRates(suite: NonNullable<BenchData['suite']>): Promise<readonly CorpusRate[]> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-suite-'));
  try {
    const packages = suite.programs.map((program) => `${suite.module}/cmd/${program}@${suite.version}`);
    await run('go', ['install', ...packages], { env: { ...process.env, GOBIN: folder } });
    const rates: CorpusRate[] = [];
    for (const [what, words] of Object.entries(suite.runs)) {
      const [program = '', ...args] = words.map((word) => (suite.programs.includes(word) ? join(folder, word) : word));
      const began = performance.now();
      // It ends with a code of its own where one of its cases fails.
      const said = await run(program, args, { cwd: packageRoot(), maxBuffer: MOST_TEXT }).catch((error: Partial<Said>) => error);
      const seconds = (performance.now() - began) / 1000;
      const text = `${said.stdout ?? ''}${said.stderr ?? ''}`;
      const found = new RegExp(suite.cases).exec(text);
      if (found === null) throw new Error(`${what}: it says no number of cases:\n${text.slice(-500)}`);
      const [runs, failed] = found.slice(1).map(Number) as [number, number];
      rates.push({
        what: `${suite.title} ${suite.version}, ${what}`,
        runs,
        seconds,
        perSecond: runs / seconds,
        processorMs: undefined,
        peakMiB: undefined,
        verdicts: { pass: runs - failed, ...(failed === 0 ? {} : { fail: failed }) },
        bar: undefined,
      });
    }
    return rates;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
