import type { Role } from '../../protocols/common/frame.ts';
import { AdapterError } from '../adapters/error.ts';
import { TimeLimitError } from '../execute/time-limit.ts';
import type { Finding } from '../results/result.ts';
import { FloodError } from '../worlds/run-errors.ts';
import { fingerprint } from './judgement.ts';

/**
 * Turns what was thrown while a step was carried out into a finding. An adapter that answers with an error says that the
 * implementation could not do what it declares: a failure; so is one that floods the run as `role`, which is under test. Anything
 * else leaves the case unjudged: an error.
 */
export function failureFinding(error: unknown, step: number | undefined, role?: Role): Finding {
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
  return { ...base, events: [], judge: 'harness', fingerprint: fingerprint('harness', undefined, kindOfFailure(error), 'error') };
}

/** An adapter's `crashed`, `hung` …, `timeout`, else `harness`. */
function kindOfFailure(error: unknown): string {
  if (error instanceof AdapterError) return error.kind;
  return error instanceof TimeLimitError ? 'timeout' : 'harness';
}
