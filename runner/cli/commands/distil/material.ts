import { join } from 'node:path';
import type { Role } from '../../../../protocols/common/frame.ts';
import type { Profile } from '../../../../protocols/common/requirement.ts';
import { isTraceFile, readBundle, readTraceFile } from '../../../bundles/format.ts';
import { describeMasks } from '../../../bundles/unmask.ts';
import type { LoadedCase } from '../../../cases/case.ts';
import type { Draft } from '../../../distil/draft.ts';
import { type Blame, blamesIn, type Evidence, evidenceOfBundle, evidenceOfTrace } from '../../../distil/evidence.ts';
import { draftFromCase } from '../../../distil/from-case.ts';
import { draftsFromWire, UntoldError } from '../../../distil/from-wire.ts';
import { headOf } from '../../../distil/recorded.ts';
import { LONGEST_WRITTEN, readText } from '../../../files/read.ts';
import { loadWords, type Words } from '../../../fuzz/words.ts';
import { packageRoot } from '../../../package-root.ts';
import { readEvidence } from '../../evidence.ts';
import { UsageError } from '../../exit.ts';
import { type Loaded, loadCases, loadServices, withProfile } from '../../load.ts';
import { sentenceOf } from './tell.ts';

/** What a file holds that a case can be made of. */
export interface Material {
  readonly loaded: Loaded;
  readonly evidence: Evidence | undefined;
  readonly blames: readonly Blame[];
  /** The case that was run, given back. */
  readonly given: Draft | undefined;
  readonly notes: readonly string[];
}

/** What a trace or bundle holds; `role` is the end that is to be under test. Throws a `UsageError` where that is another than the bundle's. */
export async function readMaterial(file: string, profile: Profile | undefined, role: Role | undefined): Promise<Material> {
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

/** Drafts of a case out of what passed the wire, the most faithful first. Throws a `UsageError` where none can be made. */
export function draftsOf(
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

/** The words that a protocol has for generated scenarios. */
export function wordsOf({ protocol }: Loaded): Words {
  return loadWords(join(packageRoot(), 'cases', protocol.name, 'fuzz.yaml'));
}

/** The finding of that number, from 1; without one the first. Throws a `UsageError` that lists them where there is no such. */
export function findingOf(file: string, blames: readonly Blame[], number: number | undefined): Blame | undefined {
  if (number === undefined) return blames[0];
  const blame = blames[number - 1];
  if (blame !== undefined) return blame;
  const there = blames.map(({ finding, role }, i) => `  ${i + 1}  ${role}: ${sentenceOf(finding)}`).join('\n');
  throw new UsageError(`${file} has ${blames.length === 0 ? 'no findings' : `findings 1 to ${blames.length}:\n${there}`}`);
}
