import type { Role } from '../../protocols/common/frame.ts';
import type { Profile } from '../../protocols/common/requirement.ts';
import { inQuotes, shellWord } from '../../reporters/console/shell-word.ts';
import { type Bundle, readBundle, readTraceFile, type TraceHead } from '../bundles/format.ts';
import { caseOfBundle, isUnseen, judgeBundle, maskGolden, plannedOfBundle } from '../bundles/judge.ts';
import { judgeTraceFile } from '../bundles/judge-trace.ts';
import type { Law } from '../bundles/law.ts';
import { describeMasks, recordedGolden, unmaskedByCorpus } from '../bundles/unmask.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Golden } from '../execute/golden.ts';
import { UNMASKED } from '../masking/masker.ts';
import { packageRoot, packageVersion } from '../package-root.ts';
import type { CaseRun } from '../results/result.ts';
import { changesSince, goldenOf, loadPeers, publishedRun } from './evidence.ts';
import { type Loaded, loadProtocol, loadServices, withProfile } from './load.ts';
import type { SecretOptions } from './masked-output.ts';

/** By which rules a file is judged again. */
export interface Rejudging extends SecretOptions {
  readonly strict: boolean;
  readonly profile?: Profile;
}

/** A file that was judged again. */
export interface RejudgedFile {
  readonly run: CaseRun;
  readonly loaded: Loaded;
  /** Undefined where the corpus has no case of that name. */
  readonly case: LoadedCase | undefined;
  readonly timeScale: number;
  /** What to know beside the verdict. */
  readonly notes: readonly string[];
}

/** A bundle that was judged again, with what it says itself. */
export interface RejudgedBundle extends RejudgedFile {
  readonly bundle: Bundle;
}

/** Judges a bundle by all judges and today's rules. Throws an `EvidenceError` where it is none. */
export async function rejudgeBundle(file: string, text: string, { strict, profile, secrets }: Rejudging): Promise<RejudgedBundle> {
  const read = readBundle(file, text);
  const bundle = strict ? { ...read, strict } : read;
  const loaded = withProfile(await loadServices(bundle.protocol), profile ?? bundle.profile);
  const law = { protocol: loaded.protocol, catalogue: loaded.corpus };
  const theCase = caseOfBundle(bundle, law);
  const golden = await goldenFor(bundle, file, theCase, loaded, law);
  const { planned, completed } = judgeBundle(bundle, file, theCase, golden, law);
  const { masker } = secrets;
  const { timeScale } = bundle;
  const run = publishedRun(planned, completed, {
    loaded,
    timeScale,
    strict: bundle.strict,
    masker,
    again: `npx weir replay ${shellWord(file)}`,
  });
  const masks = describeMasks(bundle);
  const unseen = bundle.findings.some(isUnseen)
    ? ['what compares several runs, or says that an adapter broke, is told as it was recorded']
    : [];
  const notes = [...changesSince(bundle, packageVersion(), law), ...(masks === undefined ? [] : [masks]), ...unseen];
  return { run, loaded, case: theCase, timeScale, notes, bundle };
}

/** Today's golden trace, masked as the bundle is; the recorded one where nobody here has the secrets of the case. */
async function goldenFor(bundle: Bundle, file: string, theCase: LoadedCase, loaded: Loaded, law: Law): Promise<Golden> {
  const unmasked = bundle.masked === undefined ? { case: theCase, masker: UNMASKED } : unmaskedByCorpus(bundle, law, packageRoot());
  if (unmasked === undefined) return recordedGolden(bundle, file, law);
  const golden = await goldenOf(plannedOfBundle(bundle, unmasked.case), loaded, await loadPeers(loaded));
  return maskGolden(golden, law, bundle.binding, unmasked.masker);
}

/**
 * Judges a trace file by the invariants alone: its role under test, or both where it has none. Throws an `EvidenceError` where it is
 * none, or not whole.
 */
export async function rejudgeTrace(file: string, text: string, { strict, profile, secrets }: Rejudging): Promise<readonly RejudgedFile[]> {
  const trace = readTraceFile(file, text);
  const { head } = trace;
  const loaded = withProfile(await loadServices(head.protocol), profile);
  const theCase = await caseOfTrace(head);
  const law = { protocol: loaded.protocol, catalogue: loaded.corpus };
  const { timeScale } = head;
  const again = head.case === undefined ? `npx weir check ${shellWord(file)}` : `npx weir run ${inQuotes(head.run)}`;
  const telling = { loaded, timeScale, strict, masker: secrets.masker, again };
  const roles: readonly Role[] = head.role === undefined ? ['client', 'server'] : [head.role];
  return roles.map((role) => {
    const { planned, completed } = judgeTraceFile(trace, file, theCase, role, law, strict);
    return {
      run: publishedRun(planned, completed, telling),
      loaded,
      case: theCase,
      timeScale,
      notes: [
        `judged by the invariants ${head.role === undefined ? 'and the rules of its carrier' : 'alone'}; a bundle is judged by all`,
        ...(head.first === undefined ? [] : [`the ${head.first} events before it are gone: what needs them is not judged`]),
      ],
    };
  });
}

/** The case of the corpus that a trace is of. */
async function caseOfTrace({ protocol, case: name, role }: TraceHead): Promise<LoadedCase | undefined> {
  if (name === undefined) return undefined;
  const found = await loadProtocol(protocol, [name]).catch(() => undefined);
  return found?.corpus.cases.find(
    ({ id, aliases, roles }) => (id === name || aliases.includes(name)) && (role === undefined || roles.includes(role)),
  );
}
