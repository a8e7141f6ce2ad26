import { basename, dirname, join, resolve } from 'node:path';
import type { Role } from '../../../../protocols/common/frame.ts';
import { type DistilBench, type Distilled, distil, distilOneOf } from '../../../distil/distil.ts';
import type { Draft } from '../../../distil/draft.ts';
import type { Blame } from '../../../distil/evidence.ts';
import { fitToPair } from '../../../distil/fit-to-pair.ts';
import type { Masker } from '../../../masking/masker.ts';
import { learnFromWire } from '../../../masking/of-run.ts';
import { refuseIdleBroker } from '../../broker.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { takeInterrupts } from '../../interrupt.ts';
import type { Loaded } from '../../load.ts';
import { openNamed } from '../../open.ts';
import { makeOutputFolder } from '../../output-folder.ts';
import { benchOf, type TryOut } from './bench.ts';
import { draftsOf, findingOf, type Material, readMaterial, wordsOf } from './material.ts';
import type { DistilOptions } from './options.ts';
import { faithOf, say, sentenceOf, tell, writeCase } from './tell.ts';

/** `weir distil`: writes a case that shows a recorded finding. Gives the exit code. */
export async function distilCommand(file: string, options: DistilOptions): Promise<number> {
  const role = roleOf(options.role);
  const material = await readMaterial(file, options.profile, role);
  const { loaded, evidence, blames, given, notes } = material;
  refuseIdleBroker(loaded.protocol, options.redisUrl);
  if (options.redisUrl !== undefined && options.implementation === undefined)
    throw new UsageError(
      'what --redis-url names stands between an implementation and ours; name one with --implementation, or leave it out',
    );
  const blame = findingOf(file, blames, options.finding);
  const asRun = given !== undefined && !options.fromWire;
  const drafts = asRun ? ([given] as const) : draftsOf(file, material, blame, role);
  const output =
    options.output ??
    join(
      'weir-report',
      'distil',
      `${basename(file)
        .replace(/\.\w+$/, '')
        .replaceAll(/[^\w.-]+/g, '-')}.yaml`,
    );
  makeOutputFolder(dirname(resolve(output)));
  say(
    blame === undefined
      ? 'the rules find nothing in it'
      : `finding ${blames.indexOf(blame) + 1} of ${blames.length}: ${sentenceOf(blame.finding)}`,
  );
  const seed = options.seed ?? 1;
  const interrupt = takeInterrupts(process, (text) => process.stderr.write(text));
  const { implementation: name } = options;
  const implementation = name === undefined ? undefined : await openNamed(name, 1, loaded.protocol, options.secrets, true);
  let bench: TryOut | undefined;
  try {
    bench = await benchOf(loaded, options, implementation, seed);
    const { conforming, accused } = bench;
    interrupt.begin(() => implementation?.open.bequeath());
    const began = performance.now();
    const over = (): boolean => interrupt.stopped() || performance.now() - began > options.time * 1000;
    const { made, amiss } = await casesOf(drafts, asRun, blame, { conforming, accused, over }, loaded, file);
    const faith = [...faithOf(asRun, evidence), ...notes, ...made.draft.notes, ...amiss];
    writeCase(output, made.draft, faith, maskerOf(material, options.secrets));
    tell(made, faith, { output, loaded, options, isImplementation: implementation !== undefined, seed });
    return made.shown === 'not-shown' ? EXIT.findings : EXIT.ok;
  } finally {
    await bench?.close();
    await implementation?.open.close();
    interrupt.forget();
  }
}

function roleOf(text: string | undefined): Role | undefined {
  if (text === undefined || text === 'client' || text === 'server') return text;
  throw new UsageError(`there is no role ${text}; there are client and server`);
}

/** A case of the drafts. A case that was run is given back even where the reference pair does not get through it, which is told then. */
async function casesOf(
  drafts: readonly [Draft, ...Draft[]],
  asRun: boolean,
  blame: Blame | undefined,
  bench: DistilBench,
  loaded: Loaded,
  file: string,
): Promise<{ readonly made: Distilled; readonly amiss: readonly string[] }> {
  if (asRun) {
    const fitted = await fitToPair(drafts[0], { conforming: bench.conforming, reads: undefined });
    const amiss = fitted.ok ? [] : [`the reference pair itself does not get through it: ${fitted.reason}`];
    return { made: await distil(fitted.draft, blame?.finding, bench), amiss };
  }
  const outcome = await distilOneOf(drafts, blame?.finding, bench, { handlers: wordsOf(loaded).features.handlers });
  if (!outcome.ok) throw new UsageError(`${file}: no case comes of it: the reference pair does not get through, ${outcome.reason}`);
  return { made: outcome.made, amiss: [] };
}

/** What hides the secrets that the file shows: a trace of `--show-secrets` is no reason to write them into a case. */
function maskerOf({ loaded: { protocol }, evidence }: Material, secrets: DistilOptions['secrets']): Masker {
  secrets.speaks(protocol);
  return secrets.maskerOf(evidence === undefined ? [] : learnFromWire(secrets, evidence.trace, protocol));
}
