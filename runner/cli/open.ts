import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { AdapterError } from '../adapters/error.ts';
import type { KnownFailure } from '../adapters/known-failures.ts';
import type { Implementation } from '../adapters/manifest.ts';
import type { OpenImplementation } from '../adapters/pool.ts';
import { suggestion } from '../cases/suggest.ts';
import { FileError, LONGEST_WRITTEN, readText } from '../files/read.ts';
import type { Secrets } from '../masking/secrets.ts';
import { packageRoot } from '../package-root.ts';
import { UsageError } from './exit.ts';

/** How many lines of its stderr are shown of an adapter that does not start. */
const LAST_LINES = 19;

/** An implementation that `--implementation` named, with its first process up. */
export interface Opened {
  readonly manifest: Implementation;
  readonly open: OpenImplementation;
  readonly knownFailures: readonly KnownFailure[];
}

/**
 * Opens what `--implementation` names. Throws a `UsageError` where there is none, where it speaks another protocol or does not
 * start, and a `CorpusError` where its files are wrong or a known failure has expired. The signals that end a run are left to the caller.
 */
export async function openNamed(
  name: string,
  processes: number,
  protocol: Protocol,
  secrets: Secrets,
  allowExpired = false,
): Promise<Opened> {
  const [manifest, { openImplementation }, { parseKnownFailures }, { AdapterError }] = await Promise.all([
    findNamed(name),
    import('../adapters/pool.ts'),
    import('../adapters/known-failures.ts'),
    import('../adapters/error.ts'),
  ]);
  secrets.addKeys(manifest.redact);
  // What its settings say, or the URL of a registry in its set-up.
  secrets.learnFrom(manifest);
  if (manifest.protocol !== protocol.name) throw new UsageError(`${manifest.file}: it speaks ${manifest.protocol}, not ${protocol.name}`);
  const { knownFailures: file } = manifest;
  const listed = file === undefined ? undefined : textOf(file, manifest.file, allowExpired);
  const knownFailures =
    file === undefined || listed === undefined ? [] : parseKnownFailures(file, listed, allowExpired ? undefined : today());
  try {
    const open = await openImplementation(manifest, { processes, waiting, signals: [] });
    const strange = Object.keys(open.info.timers ?? {}).find((timer) => !Object.hasOwn(protocol.timers, timer));
    if (strange === undefined) return { manifest, knownFailures, open };
    await open.close();
    throw new UsageError(
      `${manifest.file}: timers: unknown timer \`${strange}\`; ${suggestion(strange, Object.keys(protocol.timers), 'timers')}`,
    );
  } catch (error) {
    throw error instanceof AdapterError ? notStarted(error) : error;
  }
}

/** The text of the file of known failures; undefined where it may still have to be written and is not there. */
function textOf(file: string, manifest: string, mayBeMissing: boolean): string | undefined {
  if (mayBeMissing && !existsSync(file)) return undefined;
  try {
    return readText(file, LONGEST_WRITTEN);
  } catch (error) {
    const why = error instanceof FileError ? error.why : String(error);
    throw new UsageError(`${manifest}: \`known-failures\` names a file that cannot be read (${why}); weir baseline write makes one`);
  }
}

function waiting(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Why an implementation does not start, with the last of what it said. */
export function notStarted({ message, facts: { stderr = '' } }: AdapterError): UsageError {
  const last = stderr.trimEnd().split('\n').slice(-LAST_LINES);
  return new UsageError(last.length < 2 ? message : [message, ...last.map((line) => `  ${line}`)].join('\n'));
}

/** The manifest that `--implementation` names. Throws a `UsageError` where there is none, a `CorpusError` where it is wrong. */
export async function findNamed(name: string): Promise<Implementation> {
  const { loadImplementation } = await import('../adapters/manifest.ts');
  try {
    return loadImplementation(name, { cwd: process.cwd(), builtin: join(packageRoot(), 'implementations') });
  } catch (error) {
    if (error instanceof Error && error.name === 'Error') throw new UsageError(error.message);
    throw error;
  }
}

/** The date as `YYYY-MM-DD`, some days from now. */
export function today(later = 0): string {
  return new Date(Date.now() + later * 86_400_000).toISOString().slice(0, 10);
}
