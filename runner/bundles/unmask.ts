import { join, relative } from 'node:path';
import type { LoadedCase } from '../cases/case.ts';
import { CorpusError } from '../cases/problem.ts';
import type { Golden } from '../execute/golden.ts';
import { FileError, LONGEST_WRITTEN, readText } from '../files/read.ts';
import { maskedCaseText } from '../masking/case-text.ts';
import type { Masker } from '../masking/masker.ts';
import { secretsOfCase } from '../masking/of-run.ts';
import { createSecrets } from '../masking/secrets.ts';
import { type Bundle, readContext } from './format.ts';
import { caseOfBundle } from './judge.ts';
import type { Law } from './law.ts';
import { readEvents } from './records.ts';

/** A case with its secrets, and what masks them as the bundle has them masked. */
export interface Unmasked {
  readonly case: LoadedCase;
  readonly masker: Masker;
}

/**
 * The case of a bundle with the secrets that are masked in it, where `text` is the text of that case: masked, it is the bundle's.
 * Undefined where it is another.
 */
export function unmaskedBy(text: string, bundle: Bundle, law: Law): Unmasked | undefined {
  try {
    const loaded = caseOfBundle({ ...bundle, case: { ...bundle.case, text } }, law);
    const secrets = createSecrets({ keys: bundle.masked?.keys ?? [] });
    secrets.speaks(law.protocol);
    const own = secretsOfCase(loaded, secrets.keys);
    const left = secretsOfCase(caseOfBundle(bundle, law), secrets.keys);
    // What the bundle tells was none of the secrets there, since it stands in a case of the corpus.
    secrets.learn(
      own.filter((secret, i) => String(secret) === String(left[i])),
      true,
    );
    secrets.learn(own);
    const masker = secrets.maskerOf(own);
    return maskedCaseText(text, masker) === bundle.case.text ? { case: loaded, masker } : undefined;
  } catch (error) {
    if (error instanceof CorpusError) return undefined;
    throw error;
  }
}

/** Likewise by the case file that this package has under the bundle's name. */
export function unmaskedByCorpus(bundle: Bundle, law: Law, root: string): Unmasked | undefined {
  const file = join(root, bundle.case.file);
  if (relative(join(root, 'cases'), file).startsWith('..')) return undefined;
  try {
    return unmaskedBy(readText(file, LONGEST_WRITTEN), bundle, law);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** The golden trace as the bundle has it, for a case whose secrets nobody has here. Throws an `EvidenceError` where it is malformed. */
export function recordedGolden({ golden, binding }: Bundle, file: string, { protocol }: Law): Golden {
  if (!golden.ok) return golden;
  const { facts, calls } = golden;
  if (facts === undefined || calls === undefined) return { ok: false, reason: 'the bundle does not say what its golden trace was of' };
  const trace = readEvents(golden.trace, protocol, binding, file);
  const context = readContext({ facts, calls }, file);
  const connections = trace.filter(({ type }) => type === 'opened').length;
  const frames = trace.filter(({ type }) => type === 'sent').length;
  return { ok: true, trace, normalised: protocol.normalise(trace, context.calls, context.facts), connections, frames, ...context };
}

/** What is masked in a bundle, and what follows from it; undefined where nothing is. */
export function describeMasks({ masked }: Pick<Bundle, 'masked'>): string | undefined {
  if (masked === undefined) return undefined;
  const { count } = masked;
  return `${count} ${count === 1 ? 'secret is' : 'secrets are'} masked in this bundle, in the case and in the frames; the masks are judged in ${count === 1 ? 'its' : 'their'} place`;
}
