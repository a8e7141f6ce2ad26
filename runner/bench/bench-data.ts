import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import * as z from 'zod';
import { packageRoot } from '../package-root.ts';

const size = z.int().positive();

/** A case that may be made larger. In its text `<n>` is how much there is of it, `<bytes>` that many MiB but for what a head may take. */
const growth = z.strictObject({
  what: z.string(),
  /** The protocol's first where it is left out. */
  binding: z.string().optional(),
  from: size,
  to: size,
  /** A case of the corpus, in which there is `from` of it. */
  file: z.string().optional(),
  text: z.string().optional(),
});

/** An official suite of a protocol, whose own two ends are measured beside ours. */
const suite = z.strictObject({
  title: z.string(),
  module: z.string(),
  version: z.string(),
  programs: z.array(z.string()).min(1),
  /** The command lines, the first word a program of these; the others stand for their paths where they are one. */
  runs: z.record(z.string(), z.array(z.string()).min(1)),
  /** How many cases it carried out, and how many failed: a pattern with two groups. */
  cases: z.string(),
});

const grammar = z.strictObject({
  bars: z.strictObject({
    /** Case-runs a second in the simulated world, when it is warm. */
    simulated: z.number().positive(),
    /** Seconds for the whole corpus in the real world. */
    real: z.number().positive(),
  }),
  /** Tags of cases whose thousands of frames take most of the time of the corpus; without them it is measured once more. */
  heavy: z.array(z.string()).default([]),
  /** A case, from the shell to its verdict. */
  shell: z.string(),
  /** Spawned beside the adapters that Node runs; no bar is set for it. */
  'also-spawned': z.array(z.string()).default([]),
  /** A call that is made through a tap and without one; `bar`: how many times as long it may take. */
  call: z.strictObject({ procedure: z.string(), value: z.unknown(), bar: z.number().positive().optional() }).optional(),
  growth: z.array(growth).default([]),
  suite: suite.optional(),
});

/** What is measured of one protocol alone, and the bars that were set for it. */
export type BenchData = z.infer<typeof grammar>;

/** What `protocols/<name>.yaml` says. Throws an Error where there is none, or it says something else. */
export function readBenchData(name: string): BenchData {
  const parsed = grammar.safeParse(load(readFileSync(pathOf(name), 'utf8')));
  if (!parsed.success) throw new Error(`${pathOf(name)}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** A case of many of them at once, which takes minutes; undefined where a protocol has none. */
export function poolCase(name: string): string | undefined {
  const file = pathOf(`${name}-pool`);
  return existsSync(file) ? file : undefined;
}

function pathOf(name: string): string {
  return join(packageRoot(), 'runner', 'bench', 'protocols', `${name}.yaml`);
}
