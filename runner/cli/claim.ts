import { closeSync, openSync, readdirSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readText } from '../files/read.ts';
import { UsageError } from './exit.ts';
import { REPORT_FILES } from './report-names.ts';
import { LINES_FILE } from './result-lines.ts';

/** Says in the output folder who is writing there. */
const CLAIM_FILE = '.weir-run.json';

/** Bytes of it: what is longer is none. */
const LONGEST_CLAIM = 4096;

/** Reports of a run, which would pass for those of the next. */
const REPORTS = ['results.json', LINES_FILE, ...Object.values(REPORT_FILES).flat()];

/** Folders of evidence, and how each file of a run in them begins. */
const EVIDENCE = [
  ['traces', '.jsonl', '{"weir-trace":'],
  ['bundles', '.json', '{"schema":"weir-bundle/'],
] as const;

/** A folder in which only this process writes. */
export interface Claim {
  /** Takes away what an earlier run left; other files stay. */
  clear(): void;
  release(): void;
}

/** Claims a folder that is there for the run of this process. Throws a `UsageError` where another run that goes on has it. */
export function claimOutput(folder: string, process: Pick<NodeJS.Process, 'pid' | 'on' | 'off' | 'kill'>): Claim {
  const file = join(folder, CLAIM_FILE);
  const claim = JSON.stringify({ pid: process.pid, host: hostname() });
  const release = (): void => {
    process.off('exit', release);
    if (textIfAny(file) === claim) rmSync(file, { force: true });
  };
  try {
    writeFileSync(file, claim, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw cannot(folder, error);
    const other = ownerOf(file, process);
    if (other !== undefined) {
      throw new UsageError(
        `another run (${other}) is writing its reports to ${JSON.stringify(folder)}; give this one another folder with --output, or delete ${file} if there is none`,
      );
    }
    // Whoever wrote it is gone and could not take it away; or it is none, and leads elsewhere.
    try {
      rmSync(file);
      writeFileSync(file, claim, { flag: 'wx' });
    } catch (again) {
      throw cannot(folder, again);
    }
  }
  process.on('exit', release);
  return { clear: () => clear(folder), release };
}

/** The process that claimed, as far as it may still go on. */
function ownerOf(file: string, { pid: own, kill }: Pick<NodeJS.Process, 'pid' | 'kill'>): string | undefined {
  const { pid, host } = readClaim(textIfAny(file) ?? '');
  if (pid === undefined || pid === own) return undefined;
  if (host !== hostname()) return `process ${pid} on ${host}`;
  try {
    kill(pid, 0);
    return `process ${pid}`;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? `process ${pid}` : undefined;
  }
}

function readClaim(text: string): { readonly pid?: number; readonly host?: string } {
  try {
    const { pid, host } = JSON.parse(text) as { pid?: unknown; host?: unknown };
    return Number.isSafeInteger(pid) && Number(pid) > 0 ? { pid: Number(pid), host: String(host) } : {};
  } catch {
    return {};
  }
}

function clear(folder: string): void {
  try {
    for (const report of REPORTS) rmSync(join(folder, report), { force: true });
    for (const [name, ending, beginning] of EVIDENCE) {
      for (const file of filesOf(join(folder, name))) {
        if (file.endsWith(ending) && beginsWith(file, beginning)) rmSync(file, { force: true });
      }
    }
  } catch (error) {
    throw cannot(folder, error);
  }
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [join(folder, entry.name)] : []));
  } catch {
    return [];
  }
}

function beginsWith(file: string, beginning: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(beginning.length);
    return buffer.subarray(0, readSync(descriptor, buffer)).toString() === beginning;
  } finally {
    closeSync(descriptor);
  }
}

function textIfAny(file: string): string | undefined {
  try {
    return readText(file, LONGEST_CLAIM);
  } catch {
    return undefined;
  }
}

function cannot(folder: string, error: unknown): UsageError {
  return new UsageError(`cannot write reports to ${JSON.stringify(folder)}: ${error instanceof Error ? error.message : String(error)}`);
}
