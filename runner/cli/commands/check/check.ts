import type { Profile } from '../../../../protocols/common/requirement.ts';
import { plain } from '../../../../reporters/console/plain.ts';
import { inQuotes, shellWord } from '../../../../reporters/console/shell-word.ts';
import { type Bundle, isTraceFile, readBundle, readTraceFile, type TraceFile } from '../../../bundles/format.ts';
import { caseOfBundle, isUnseen, judgeBundle, judgeTraceFile, type Law, maskGolden, plannedOfBundle } from '../../../bundles/judge.ts';
import { describeMasks, recordedGolden, unmaskedByCorpus } from '../../../bundles/unmask.ts';
import type { LoadedCase } from '../../../cases/case.ts';
import type { Golden } from '../../../execute/golden.ts';
import { UNMASKED } from '../../../masking/masker.ts';
import { packageRoot, packageVersion } from '../../../package-root.ts';
import type { CaseRun } from '../../../results/result.ts';
import { explainError } from '../../errors.ts';
import { changesSince, compared, goldenOf, loadPeers, publishedRun, readEvidence, tell } from '../../evidence.ts';
import { EXIT, exitCodeOf, UsageError } from '../../exit.ts';
import { type Loaded, loadProtocol, loadServices, withProfile } from '../../load.ts';
import type { SecretOptions } from '../../masked-output.ts';

/** Options of `weir check`. */
export interface CheckOptions extends SecretOptions {
  readonly strict: boolean;
  readonly profile?: Profile;
}

/** `weir check`: judges bundles and traces again by today's rules, running no implementation. Gives the exit code. */
export async function checkCommand(files: readonly string[], options: CheckOptions): Promise<number> {
  const runs: CaseRun[] = [];
  let unread = 0;
  for (const file of files) {
    try {
      const text = readEvidence(file);
      runs.push(isTraceFile(text) ? await checkTrace(file, readTraceFile(file, text), options) : await checkBundle(file, text, options));
    } catch (error) {
      // One bad file must not hide what the others say.
      const { text, code } = explainError(error);
      if (code !== EXIT.usage) throw error;
      process.stderr.write(`${plain(text)}\n`);
      unread += 1;
    }
  }
  if (unread > 0) return EXIT.usage;
  return exitCodeOf(runs) === EXIT.ok ? EXIT.ok : EXIT.findings;
}

async function checkBundle(file: string, text: string, options: CheckOptions): Promise<CaseRun> {
  const { strict, profile } = options;
  const read = readBundle(file, text);
  const bundle = strict ? { ...read, strict } : read;
  const loaded = withProfile(await loadServices(bundle.protocol), profile ?? bundle.profile);
  const law = { protocol: loaded.protocol, catalogue: loaded.corpus };
  const theCase = caseOfBundle(bundle, law);
  const golden = await goldenFor(bundle, file, theCase, loaded, law);
  const { planned, completed } = judgeBundle(bundle, file, theCase, golden, law);
  const { masker } = options.secrets;
  const telling = { loaded, timeScale: bundle.timeScale, strict: bundle.strict, masker, again: `npx weir replay ${shellWord(file)}` };
  const run = publishedRun(planned, completed, telling);
  for (const change of changesSince(bundle, packageVersion(), law)) note(change);
  const masks = describeMasks(bundle);
  if (masks !== undefined) note(masks);
  if (bundle.findings.some(isUnseen)) {
    note('what compares several runs, or says that an adapter broke, is told as it was recorded');
  }
  tell(run);
  say(`${file}: ${compared(bundle, run)}`);
  return run;
}

/** Today's golden trace, masked as the bundle is; the recorded one where nobody here has the secrets of the case. */
async function goldenFor(bundle: Bundle, file: string, theCase: LoadedCase, loaded: Loaded, law: Law): Promise<Golden> {
  const unmasked = bundle.masked === undefined ? { case: theCase, masker: UNMASKED } : unmaskedByCorpus(bundle, law, packageRoot());
  if (unmasked === undefined) return recordedGolden(bundle, file, law);
  const golden = await goldenOf(plannedOfBundle(bundle, unmasked.case), loaded, await loadPeers(loaded));
  return maskGolden(golden, law, bundle.codec, unmasked.masker);
}

async function checkTrace(file: string, trace: TraceFile, { strict, profile, secrets }: CheckOptions): Promise<CaseRun> {
  const { head } = trace;
  const loaded = withProfile(await loadServices(head.protocol), profile);
  const found = await loadProtocol(head.protocol, [head.case]).catch(() => undefined);
  const theCase = found?.corpus.cases.find(
    ({ id, aliases, roles }) => (id === head.case || aliases.includes(head.case)) && roles.includes(head.role),
  );
  const law = { protocol: loaded.protocol, catalogue: loaded.corpus };
  const { planned, completed } = judgeTraceFile(trace, file, theCase, law, strict);
  if (completed.judged.checkpoints.length === 0) {
    throw new UsageError(`${file}: no invariant finds anything to judge of the ${head.role} in this trace`);
  }
  const run = publishedRun(planned, completed, {
    loaded,
    timeScale: head.timeScale,
    strict,
    masker: secrets.masker,
    again: `npx weir run ${inQuotes(head.run)}`,
  });
  tell(run);
  say(`${file}: judged by the invariants alone; a bundle is judged by all`);
  return run;
}

function note(text: string): void {
  process.stderr.write(`note: ${plain(text)}\n`);
}

function say(text: string): void {
  process.stdout.write(`${plain(text)}\n`);
}
