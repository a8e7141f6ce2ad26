import type { Role } from '../../protocols/common/frame.ts';
import { AdapterError } from '../adapters/error.ts';
import { TimeLimitError } from '../execute/time-limit.ts';
import type { Finding } from '../results/result.ts';
import { FloodError } from '../worlds/run-errors.ts';
import { crashFingerprint, fingerprint } from './judgement.ts';

/** Where in which case something was thrown. */
export interface Whereabouts {
  readonly case: string;
  /** The role under test. */
  readonly role: Role;
  /** Undefined where no step was being carried out. */
  readonly step: number | undefined;
  /** Kind of the last frame that was sent; undefined where there was none. */
  readonly lastFrame: string | undefined;
}

/** Checkpoint of a process that must not end while no step is being carried out. */
export const PROCESS = 'process';

/**
 * Turns what was thrown while a step was carried out into a finding. An adapter that answers with an error says that the
 * implementation could not do what it declares: a failure; so is one that floods the run. An implementation that ends its process fails, too, for a reason of its
 * own; where the exception came from the adapter's code, or the process never came up, that says nothing of the implementation. Anything
 * else leaves the case unjudged: an error.
 */
export function failureFinding(error: unknown, whereabouts: Whereabouts): Finding {
  const { step, role } = whereabouts;
  const message = error instanceof Error ? error.message : String(error);
  const base = {
    checkpoint: step === undefined ? 'start' : `step:${step}`,
    level: 'MUST',
    message,
    events: [],
    ...(step === undefined ? {} : { step }),
  } as const;
  if (error instanceof AdapterError && error.kind === 'refused') {
    return {
      ...base,
      events: [],
      judge: 'adapter',
      fingerprint: fingerprint('adapter', undefined, error.facts.method ?? 'call', 'refused'),
    };
  }
  if (error instanceof FloodError && error.from === role) {
    return { ...base, events: [], judge: 'adapter', fingerprint: fingerprint('adapter', undefined, 'frames', 'flood') };
  }
  const crash = crashOfImplementation(error);
  if (crash !== undefined) {
    const checkpoint = step === undefined ? PROCESS : base.checkpoint;
    return { ...base, checkpoint, events: [], judge: 'adapter', fingerprint: crashFingerprint(crash, whereabouts) };
  }
  return { ...base, events: [], judge: 'harness', fingerprint: fingerprint('harness', undefined, kindOfFailure(error), 'error') };
}

/** What an implementation that ended its process died of. */
function crashOfImplementation(error: unknown): string | undefined {
  if (!(error instanceof AdapterError) || error.kind !== 'crashed' || error.facts.method === 'initialize') return undefined;
  return error.facts.crash?.own === false ? error.facts.crash.headline : undefined;
}

/** An adapter's `crashed`, `hung` …, `timeout`, else `harness`. */
function kindOfFailure(error: unknown): string {
  if (error instanceof AdapterError) return error.kind;
  return error instanceof TimeLimitError ? 'timeout' : 'harness';
}
