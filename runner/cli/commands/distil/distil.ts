import { writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Role } from '../../../../protocols/common/frame.ts';
import { oneLine } from '../../../../protocols/common/plain.ts';
import type { Profile } from '../../../../protocols/common/requirement.ts';
import { isTraceFile, readBundle, readTraceFile } from '../../../bundles/format.ts';
import { describeMasks } from '../../../bundles/unmask.ts';
import type { LoadedCase } from '../../../cases/case.ts';
import { idOfFile } from '../../../cases/load.ts';
import { caseFile } from '../../../cases/write.ts';
import { type DistilBench, type Distilled, distil, distilOneOf } from '../../../distil/distil.ts';
import type { Draft } from '../../../distil/draft.ts';
import { type Blame, blamesIn, type Evidence, evidenceOfBundle, evidenceOfTrace } from '../../../distil/evidence.ts';
import { fitToPair } from '../../../distil/fit-to-pair.ts';
import { draftFromCase } from '../../../distil/from-case.ts';
import { draftsFromWire, UntoldError } from '../../../distil/from-wire.ts';
import { headOf } from '../../../distil/recorded.ts';
import { goldenSource } from '../../../execute/golden.ts';
import { endsFrom } from '../../../execute/implementation-ends.ts';
import { alwaysInProcess, referenceEnds } from '../../../execute/reference-ends.ts';
import { LONGEST_WRITTEN, readText } from '../../../files/read.ts';
import { type Attempt, attempts, type Bench } from '../../../fuzz/attempt.ts';
import { loadWords, type Words } from '../../../fuzz/words.ts';
import { maskedCaseText } from '../../../masking/case-text.ts';
import type { Masker } from '../../../masking/masker.ts';
import { learnFromWire } from '../../../masking/of-run.ts';
import { packageRoot } from '../../../package-root.ts';
import { referenceFacts } from '../../../plan/reference-facts.ts';
import type { Finding } from '../../../results/result.ts';
import { loadPeers, readEvidence } from '../../evidence.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { takeInterrupts } from '../../interrupt.ts';
import { type Loaded, loadCases, loadServices, withProfile } from '../../load.ts';
import type { SecretOptions } from '../../masked-output.ts';
import { type Opened, openNamed } from '../../open.ts';
import { makeOutputFolder } from '../../output-folder.ts';
import { reproduce } from '../../reproduce.ts';

/** Options of `weir distil`. */
export interface DistilOptions extends SecretOptions {
  /** From 1. */
  readonly finding?: number;
  readonly role?: string;
  readonly fromWire: boolean;
  readonly implementation?: string;
  /** Longest that the case is made shorter, seconds. */
  readonly time: number;
  readonly output?: string;
  readonly strict: boolean;
  readonly profile?: Profile;
  readonly timeScale: number;
  readonly seed?: number;
  readonly allowRemote: boolean;
}

/** What a file holds that a case can be made of. */
interface Material {
  readonly loaded: Loaded;
  readonly evidence: Evidence | undefined;
  readonly blames: readonly Blame[];
  /** The case that was run, given back. */
  readonly given: Draft | undefined;
  readonly notes: readonly string[];
}

/** How many seeds the reference pair must get through a case with. */
const SEEDS = 2;

/** `weir distil`: writes a case that shows a recorded finding. Gives the exit code. */
export async function distilCommand(file: string, options: DistilOptions): Promise<number> {
  const role = roleOf(options.role);
  const material = await readMaterial(file, options, role);
  const { loaded, evidence, blames, given, notes } = material;
  const blame = chosen(file, blames, options.finding);
  const asRun = given !== undefined && !options.fromWire;
  const drafts = asRun ? ([given] as const) : fromWire(file, material, blame, role);
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
  try {
    const { conforming, accused } = await benchOf(loaded, options, implementation, seed);
    interrupt.begin(() => implementation?.open.bequeath());
    const began = performance.now();
    const over = (): boolean => interrupt.stopped() || performance.now() - began > options.time * 1000;
    const { made, amiss } = await casesOf(drafts, asRun, blame, { conforming, accused, over }, loaded, file);
    const faith = [...faithOf(asRun, evidence), ...notes, ...made.draft.notes, ...amiss];
    writeCase(output, made.draft, faith, maskerOf(material, options.secrets));
    tell(made, faith, output, loaded, options, implementation, seed);
    return made.shown === 'not-shown' ? EXIT.findings : EXIT.ok;
  } finally {
    await implementation?.open.close();
    interrupt.forget();
  }
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

async function readMaterial(file: string, { profile }: DistilOptions, role: Role | undefined): Promise<Material> {
  const text = readEvidence(file);
  if (isTraceFile(text)) {
    const trace = readTraceFile(file, text);
    const { head } = trace;
    const loaded = withProfile(await loadServices(head.protocol), profile);
    const evidence = evidenceOfTrace(trace, file, loaded.protocol);
    const ofCorpus = head.case === undefined || head.role === undefined ? undefined : await caseNamed(head.protocol, head.case, head.role);
    const given =
      ofCorpus === undefined || head.role === undefined || (role ?? head.role) !== head.role
        ? undefined
        : draftFromCase(
            {
              id: head.case ?? '',
              file: ofCorpus.file,
              text: readText(ofCorpus.file, LONGEST_WRITTEN),
              role: head.role,
              binding: head.binding,
            },
            loaded.protocol,
          );
    return { loaded, evidence, given, blames: blamesIn(loaded.protocol, evidence, loaded.corpus, role), notes: [] };
  }
  const bundle = readBundle(file, text);
  const loaded = withProfile(await loadServices(bundle.protocol), profile ?? bundle.profile);
  const { id, file: path, text: written } = bundle.case;
  if (role !== undefined && role !== bundle.role) throw new UsageError(`${file}: the bundle is of the ${bundle.role}`);
  const given = draftFromCase({ id, file: path, text: written, role: bundle.role, binding: bundle.binding }, loaded.protocol);
  const masks = describeMasks(bundle);
  return {
    loaded,
    evidence: evidenceOfBundle(bundle, file, loaded.protocol),
    given,
    blames: bundle.findings.map((finding) => ({ finding, role: bundle.role })),
    notes: masks === undefined ? [] : [masks],
  };
}

async function caseNamed(protocol: string, name: string, role: Role): Promise<LoadedCase | undefined> {
  const [id = name] = name.split('~');
  const found = await loadCases(protocol, new Set([id])).catch(() => undefined);
  return found?.corpus.cases.find((each) => each.id === id && each.roles.includes(role));
}

function fromWire(
  file: string,
  { loaded, evidence }: Material,
  blame: Blame | undefined,
  wanted: Role | undefined,
): readonly [Draft, ...Draft[]] {
  const { protocol, corpus } = loaded;
  if (evidence === undefined) throw new UsageError(`${file}: the run failed before anything could be seen`);
  const role = wanted ?? blame?.role ?? evidence.role;
  if (role === undefined) throw new UsageError(`${file}: the rules find nothing in it; say which end is to be under test with --role`);
  const words = wordsOf(loaded);
  const until = blame === undefined || blame.finding.judge !== 'invariant' ? undefined : Math.max(...blame.finding.events, 0);
  const { trace, calls, timeScale } = evidence;
  const procedureKinds = { ...corpus.procedureKinds, ...evidence.facts.procedureKinds };
  try {
    return draftsFromWire(
      protocol,
      { trace, role, facts: { ...evidence.facts, procedureKinds }, calls, timeScale, until },
      words,
      headOf(blame?.finding, words.requirements),
    );
  } catch (error) {
    if (error instanceof UntoldError) throw new UsageError(error.message);
    throw error;
  }
}

function wordsOf({ protocol }: Loaded): Words {
  return loadWords(join(packageRoot(), 'cases', protocol.name, 'fuzz.yaml'));
}

function chosen(file: string, blames: readonly Blame[], number: number | undefined): Blame | undefined {
  if (number === undefined) return blames[0];
  const blame = blames[number - 1];
  if (blame !== undefined) return blame;
  const there = blames.map(({ finding, role }, i) => `  ${i + 1}  ${role}: ${sentenceOf(finding)}`).join('\n');
  throw new UsageError(`${file} has ${blames.length === 0 ? 'no findings' : `findings 1 to ${blames.length}:\n${there}`}`);
}

async function benchOf(
  loaded: Loaded,
  options: DistilOptions,
  implementation: Opened | undefined,
  seed: number,
): Promise<{ readonly conforming: readonly Attempt[]; readonly accused: Attempt | undefined }> {
  const { protocol, corpus } = loaded;
  const simulated = (await import('../../../worlds/simulated/index.ts')).simulatedWorld();
  const { makeClient, makeServer } = await loadPeers(loaded);
  const reference = referenceEnds(makeClient, makeServer);
  const run: Bench['run'] = {
    world: simulated,
    golden: goldenSource(simulated, reference),
    withEnds: alwaysInProcess(reference),
    seed,
    strict: options.strict,
    now: () => performance.now(),
  };
  const bench: Bench = { protocol, catalogue: corpus, run };
  const conforming = Array.from({ length: SEEDS }, (_, i) => attempts({ ...bench, run: { ...run, seed: seed + i } }, 'needed'));
  if (implementation === undefined) return { conforming, accused: undefined };
  const { timeScale, allowRemote } = options;
  const world = (await import('../../../worlds/real/index.ts')).realWorld({ timeScale, allowRemote });
  const withEnds = endsFrom(reference, implementation.open, world, undefined);
  return { conforming, accused: attempts({ ...bench, run: { ...run, world, withEnds } }, 'always') };
}

/** How far the case does what was recorded. */
function faithOf(given: boolean, evidence: Evidence | undefined): string[] {
  if (given) return ['it is the case that was run: its steps, faults and frames'];
  const gone = evidence?.gone ?? 0;
  const told = (evidence?.calls.length ?? 0) > 0;
  return [
    told ? 'steps of applications are those that were recorded' : 'steps of applications are taken from what the wire shows of them',
    'ids are made anew, and pauses below 250 ms are left out',
    ...(gone > 0 ? [`the ${gone} events before it are gone, so that sessions which began in them begin anew`] : []),
  ];
}

/** What hides the secrets that the file shows: a trace of `--show-secrets` is no reason to write them into a case. */
function maskerOf({ loaded: { protocol }, evidence }: Material, secrets: DistilOptions['secrets']): Masker {
  secrets.speaks(protocol);
  return secrets.maskerOf(evidence === undefined ? [] : learnFromWire(secrets, evidence.trace, protocol));
}

/** Writes the case, with what is to be known of it in a note. */
function writeCase(output: string, draft: Draft, faith: readonly string[], masker: Masker): void {
  const before = draft.written['note'];
  const note = [...(typeof before === 'string' ? [before.trim()] : []), `Distilled: ${faith.join('; ')}.`].join(' ');
  writeFileSync(output, maskedCaseText(caseFile({ ...draft.written, note }), masker));
}

function tell(
  made: Distilled,
  faith: readonly string[],
  output: string,
  { protocol }: Loaded,
  options: DistilOptions,
  implementation: Opened | undefined,
  seed: number,
): void {
  const { draft, before, shown } = made;
  const steps = draft.written.steps.length;
  say(`${steps} steps${steps === before ? '' : ` of ${before}, after ${made.tried} attempts to do with fewer`}`);
  for (const each of faith) say(`  ${each}`);
  say(TOLD[shown]);
  const facts = referenceFacts(protocol);
  const id = `${protocol.name}/${idOfFile(protocol.name, output)}`;
  const { role, binding } = draft;
  const world = implementation === undefined ? { world: 'simulated' as const } : {};
  const planned = { id, case: { ...NAMELESS, id, file: output }, role, binding, repeat: 1, client: facts, server: facts, skip: undefined };
  say(`again    ${reproduce(planned, { ...options, ...world }, seed)}`);
  say(`the case is in ${output}`);
}

const TOLD: Readonly<Record<Distilled['shown'], string>> = {
  shown: 'the implementation breaks the same rule in it, and the reference pair passes',
  otherwise: 'the implementation does not pass it, for another reason than the recorded one; the reference pair passes',
  'not-shown': 'the implementation passes it: it does not show the finding',
  untried: 'the reference pair passes it; with -i it is tried with your implementation, and made shorter',
};

const NAMELESS: Omit<LoadedCase, 'id' | 'file'> = {
  ...{ title: '', requirements: [], tags: [], aliases: [], roles: ['client', 'server'], needs: [], bindings: undefined },
  ...{ server: { serverId: undefined, timers: {}, options: {} }, steps: [], expect: [], trace: 'free', note: undefined },
};

function roleOf(text: string | undefined): Role | undefined {
  if (text === undefined || text === 'client' || text === 'server') return text;
  throw new UsageError(`there is no role ${text}; there are client and server`);
}

function sentenceOf({ requirement, level, message }: Finding): string {
  return [requirement, level, message].filter((word) => word !== undefined).join(' ');
}

function say(text: string): void {
  process.stdout.write(`${oneLine(text)}\n`);
}
