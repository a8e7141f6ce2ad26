import type { Profile } from '../../protocols/common/requirement.ts';
import { inQuotes, shellWord } from '../../reporters/console/shell-word.ts';
import { type Bundle, readBundle, readTraceFile } from '../bundles/format.ts';
import { caseOfBundle, isUnseen, judgeBundle, judgeTraceFile, type Law, maskGolden, plannedOfBundle } from '../bundles/judge.ts';
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

/** Judges a trace file by the invariants alone. Throws an `EvidenceError` where it is none, or not whole. */
export async function rejudgeTrace(file: string, text: string, { strict, profile, secrets }: Rejudging): Promise<RejudgedFile> {
  const trace = readTraceFile(file, text);
  const { head } = trace;
  const loaded = withProfile(await loadServices(head.protocol), profile);
  const found = await loadProtocol(head.protocol, [head.case]).catch(() => undefined);
  const theCase = found?.corpus.cases.find(
    ({ id, aliases, roles }) => (id === head.case || aliases.includes(head.case)) && roles.includes(head.role),
  );
  const law = { protocol: loaded.protocol, catalogue: loaded.corpus };
  const { planned, completed } = judgeTraceFile(trace, file, theCase, law, strict);
  const { timeScale } = head;
  const telling = { loaded, timeScale, strict, masker: secrets.masker, again: `npx weir run ${inQuotes(head.run)}` };
  return {
    run: publishedRun(planned, completed, telling),
    loaded,
    case: theCase,
    timeScale,
    notes: ['judged by the invariants alone; a bundle is judged by all'],
  };
}
