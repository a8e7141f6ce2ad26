import type { Role } from '../../protocols/common/frame.ts';

/** An end that sent so much that its run was ended, lest it keep others waiting. */
export class FloodError extends Error {
  override readonly name = 'FloodError';
  /** The end that sent it. */
  readonly from: Role;

  constructor(from: Role, most: number) {
    super(`the ${from} sent more than ${most} frames in this run, far more than the case asks for; its connections were ended`);
    this.from = from;
  }
}

/** Something that this machine would not do, whoever is under test: nothing can be said of the run. */
export class MachineLimitError extends Error {
  override readonly name = 'MachineLimitError';
}

/** What a machine refuses, and what to raise. */
const REFUSALS: Readonly<Record<string, string>> = {
  EMFILE:
    'this process has as many files and connections open as it may; raise the limit (ulimit -n), or run fewer at a time (--concurrency)',
  ENFILE: 'this machine has as many files open as it may; raise fs.file-max, or run fewer at a time (--concurrency)',
  ENOBUFS: 'this machine has no memory left for connections; free some, or run fewer at a time (--concurrency)',
  ENOMEM: 'this machine has no memory left; free some, or run fewer at a time (--concurrency)',
  EADDRNOTAVAIL:
    'this machine has no port left for a connection; wait a minute for closed ones, widen net.ipv4.ip_local_port_range, or run fewer at a time (--concurrency)',
  EAGAIN: 'this machine starts no further process; raise the limit (ulimit -u), or run fewer at a time (--processes)',
  ENOSPC: 'the disk is full; make room, or name another one (--output for reports, TMPDIR for long traces)',
  EDQUOT: 'the disk quota is used up; make room, or name another disk (--output for reports, TMPDIR for long traces)',
  EROFS: 'the disk cannot be written to; name another one (--output for reports, TMPDIR for long traces)',
};

/** What to raise where a machine refused something with this code (`EMFILE`); undefined for codes that are no limit of a machine. */
export function adviceFor(code: unknown): string | undefined {
  return typeof code === 'string' && Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
}

/** The error of a run in which the machine refused `what`; undefined where the error is of another kind. */
export function machineLimit(what: string, error: unknown): MachineLimitError | undefined {
  const told = error instanceof Error && 'code' in error ? error.code : error;
  // A listener that asked for any port says so where there is none.
  const code = told === 'EADDRINUSE' && error instanceof Error && !('port' in error) ? 'EADDRNOTAVAIL' : told;
  const advice = adviceFor(code);
  return advice === undefined ? undefined : new MachineLimitError(`cannot ${what} (${String(code)}): ${advice}`, { cause: error });
}
